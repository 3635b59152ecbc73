import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './atomicFile.js';
import { systemCode } from './fileFailure.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** What the means of all items of a dataset are of. */
export interface MeansKey {
  /** Digest of the weights that they were encoded under. */
  readonly weights: string;
  /** Items of the dataset. */
  readonly count: number;
  /** Numbers that are kept of each mean (main/latent/sketch.ts). */
  readonly kept: number;
}

const tensor = 'means';
const formatName = 'morphoscope-means';

/**
 * What is kept of the means of all items, count x kept, as they were written for the run in the folder `runDir`; null when there are none
 * of exactly this. A file that is damaged or of something else is as good as none: it can be made again.
 */
export async function readMeans(runDir: string, { weights, count, kept }: MeansKey): Promise<Float32Array | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(meansPath(runDir));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
  const decoded = decodeSafetensors(bytes);
  if (!decoded.ok) return null;
  const { metadata, tensors } = decoded.value;
  if (metadata['format'] !== formatName || metadata['version'] !== '1' || metadata['weights'] !== weights) return null;
  const means = tensors.get(tensor);
  return means?.shape.join() === `${count},${kept}` ? means.values : null;
}

/** Keeps the means of the newest weights of a run, in place of others: one file a run. Throws a `FailureError`. */
export function writeMeans(runDir: string, { weights, count, kept }: MeansKey, values: Float32Array): Promise<void> {
  const metadata = { format: formatName, version: '1', weights };
  return replaceFile(meansPath(runDir), encodeSafetensors(new Map([[tensor, { shape: [count, kept], values }]]), metadata));
}

function meansPath(runDir: string): string {
  return join(runDir, 'means.safetensors');
}
