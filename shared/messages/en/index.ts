import { commands, menus } from './commands.js';
import { desktop } from './desktop.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { units } from './units.js';
import { importing } from './importing.js';

/** English: the catalogue that all others have the shape of. One file a part of the window. */
export const en = { commands, menus, desktop, failures, frame, units, importing };
