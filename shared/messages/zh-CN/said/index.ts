import type { Catalogue } from '../../catalogue.js';
import { datasets } from './datasets.js';

export const said: Catalogue['said'] = { datasets };
