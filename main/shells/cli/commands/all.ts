import type { Command } from '../command.js';
import { baseline } from './baseline.js';
import { cloud } from './cloud.js';
import { decode } from './decode.js';
import { doctor } from './doctor.js';
import { embed } from './embed.js';
import { encode } from './encode.js';
import { evaluate } from './evaluate.js';
import { importImages } from './importImages.js';
import { morph } from './morph.js';
import { native } from './native.js';
import { sample } from './sample.js';
import { serve } from './serve.js';
import { train } from './train.js';

/** The table of commands, in the order of the help. */
export const commands: readonly Command[] = [
  train, importImages, evaluate, baseline, embed, encode, decode, morph, sample, cloud, serve, doctor, native,
];
