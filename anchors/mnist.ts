import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDataset } from '../main/datasets/importDataset.js';
import { openDataset, type PackedDataset } from '../main/datasets/packedDataset.js';
import { FailureError } from '../shared/failure.js';

/** Images in memory, 784 bytes each. */
export interface Digits {
  readonly count: number;
  readonly bytes: Uint8Array;
}

export const format = { width: 28, height: 28, channels: 1 } as const;
export const pixels = 784;

/** The whole of MNIST, imported as the studio imports it. */
export async function readMnist(): Promise<{ readonly training: Digits; readonly test: Digits }> {
  const parent = mkdtempSync(join(tmpdir(), 'morphoscope-anchors-'));
  try {
    const dir = join(parent, 'dataset');
    const imported = await importDataset({ source: { kind: 'sample', sample: 'mnist' }, size: 28, channels: 1, seed: 0 }, dir);
    if (!imported.ok) throw new FailureError(imported.error);
    const opened = openDataset(dir);
    if (!opened.ok) throw new FailureError(opened.error);
    try {
      return { training: digitsOf(opened.value, opened.value.training), test: digitsOf(opened.value, opened.value.heldOut) };
    } finally {
      opened.value.dispose();
    }
  } finally {
    rmSync(parent, { recursive: true });
  }
}

export function together(a: Digits, b: Digits): Digits {
  const bytes = new Uint8Array(a.bytes.length + b.bytes.length);
  bytes.set(a.bytes);
  bytes.set(b.bytes, a.bytes.length);
  return { count: a.count + b.count, bytes };
}

function digitsOf(dataset: PackedDataset, items: Uint32Array): Digits {
  const bytes = new Uint8Array(items.length * pixels);
  items.forEach((item, i) => dataset.read(item, bytes, i * pixels));
  return { count: items.length, bytes };
}
