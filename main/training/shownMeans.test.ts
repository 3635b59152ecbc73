import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesPerImage } from '../../shared/dataset.js';
import type { RunSpec } from '../../shared/run.js';
import { createExecutor } from '../compute/createExecutor.js';
import { openDataset } from '../datasets/packedDataset.js';
import { decodeSafetensors } from '../projects/safetensors.js';
import { Engine } from './Engine.js';
import { imageReader } from './imageReader.js';
import { ObservedRun, requestIn, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

const count = 30;
let parent: string;
let dataset: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-shown-'));
  dataset = await tinyDataset(join(parent, 'data'), count, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

const changed: readonly (readonly [string, Partial<RunSpec>])[] = [
  ['denoises', { objective: 'dae', noise: { kind: 'mask', p: 0.5 } }],
  ['augments', { augment: ['shift', 'flip'] }],
];

test.each(changed)('a run that %s shows where the images of the dataset lie, not what it was fed', async (name, change) => {
  const spec = { ...tinySpec, ...change, epochs: 400 };
  const observed = await new ObservedRun().toTheEnd(requestIn(parent, dataset, spec, name));
  const shown = observed.of('means');
  const opened = openDataset(dataset);
  if (!opened.ok) throw new Error(opened.error.message);
  const engine = await Engine.open(spec, { threads: 1, encodeBatch: count, createExecutor });
  const images = new Uint8Array(count * bytesPerImage(spec.model.format));
  const read = imageReader(opened.value);
  const heldOut = new Set(opened.value.heldOut);
  try {
    for (let item = 0; item < count; item++) read(item, images, item * bytesPerImage(spec.model.format));
    let compared = 0;
    for (const { step, items, means } of shown) {
      const snapshot = observed.of('snapshot').find((event) => event.step === step)!;
      const weights = decodeSafetensors(snapshot.weights);
      if (!weights.ok) throw new Error(weights.error.message);
      engine.writeState(weights.value.tensors);
      const encoded = await engine.encode(images);
      for (const [row, item] of items.entries()) {
        // Those of held-out images, which are not augmented, come from the evaluation: of the step that it followed.
        if (heldOut.has(item)) continue;
        for (let i = 0; i < 2; i++) expect(means[row * 2 + i]).toBeCloseTo(encoded[item * 2 + i]!, 4);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  } finally {
    engine.dispose();
    opened.value.dispose();
  }
});
