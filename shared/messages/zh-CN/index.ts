import type { Catalogue } from '../catalogue.js';
import { commands, menus } from './commands.js';
import { desktop } from './desktop.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { units } from './units.js';
import { importing } from './importing.js';

export const zhCN: Catalogue = { commands, menus, desktop, failures, frame, units, importing };
