import { cloud } from './cloud.js';
import { commands, menus } from './commands.js';
import { desktop } from './desktop.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { inspector } from './inspector.js';
import { morph } from './morph.js';
import { native } from './native.js';
import { units } from './units.js';
import { importing } from './importing.js';
import { empty } from './empty.js';
import { preflight } from './preflight.js';
import { data } from './data.js';
import { training } from './training.js';

/** English: the catalogue that all others have the shape of. One file a part of the window. */
export const en = { cloud, commands, menus, desktop, failures, frame, units, importing, empty, preflight, data, training, inspector, morph, native };
