import type { Catalogue } from '../catalogue.js';
import { commands, menus } from './commands.js';
import { failures } from './failures.js';

export const zhCN: Catalogue = { commands, menus, failures };
