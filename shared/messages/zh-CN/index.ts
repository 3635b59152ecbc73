import type { Catalogue } from '../catalogue.js';
import { commands, menus } from './commands.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { units } from './units.js';
import { importing } from './importing.js';

export const zhCN: Catalogue = { commands, menus, failures, frame, units, importing };
