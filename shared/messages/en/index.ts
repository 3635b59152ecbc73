import { advanced } from './advanced.js';
import { baseline } from './baseline.js';
import { cloud } from './cloud.js';
import { commands, menus } from './commands.js';
import { desktop } from './desktop.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { generation } from './generation.js';
import { inspector } from './inspector.js';
import { metrics } from './metrics.js';
import { morph } from './morph.js';
import { learn } from './learn.js';
import { native } from './native.js';
import { network } from './network.js';
import { units } from './units.js';
import { importing } from './importing.js';
import { empty } from './empty.js';
import { preflight } from './preflight.js';
import { data } from './data.js';
import { said } from './said/index.js';
import { training } from './training.js';

/** English: the catalogue that all others have the shape of. One file a part of the window. */
export const en = { cloud, commands, menus, desktop, failures, frame, units, importing, empty, preflight, advanced, network, data, training, inspector, morph, generation, metrics, baseline, learn, native, said };
