import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { createExecutor } from '../main/compute/createExecutor.js';
import type { Feeds, Program, ProgramDefinition, TensorSpec } from '../main/compute/program.js';
import { openDataset } from '../main/datasets/packedDataset.js';
import { repeatedImageReader } from '../main/training/imageReader.js';
import { trainNoiseKey } from '../main/training/streams.js';
import { bytesPerImage } from '../shared/dataset.js';
import { FailureError } from '../shared/failure.js';
import type { ExecutorName } from '../shared/model.js';
import { fillNormal } from '../shared/random.js';
import { median } from './figure.js';

/** What a step costs apart, milliseconds. Reading and noise are another thread's. */
export interface StepParts {
  /** The images of a batch from the dataset. */
  readonly readMs: number;
  /** Normal numbers for a batch. */
  readonly noiseMs: number;
  /** Handing the inputs over, beyond a call with one number. */
  readonly feedMs: number;
  /** Getting the outputs, beyond a call for one number. */
  readonly fetchMs: number;
  /** The call itself: one number in and out. */
  readonly callMs: number;
}

const repeats = 200;

/** Measures the parts with programs that have the inputs or the outputs of `program` and compute next to nothing. */
export async function measureParts(program: Program, feeds: Feeds, datasetDir: string, batch: number, executor: ExecutorName): Promise<StepParts> {
  const session = await createExecutor(executor).open(new Map());
  try {
    const time = async (definition: ProgramDefinition, fed: Feeds): Promise<number> => {
      const compiled = await session.compile(definition);
      return timeOf(() => compiled.run(fed));
    };
    const one = { rate: feeds['rate']! };
    const callMs = await time(touching('call', { rate: program.inputs['rate']! }), one);
    const fedMs = await time(touching('feed', program.inputs), feeds);
    const fetchedMs = await time(fetching(program.outputs), one);
    return { ...(await measureBatch(datasetDir, batch, feeds['noise']!.length)), callMs, feedMs: Math.max(0, fedMs - callMs), fetchMs: Math.max(0, fetchedMs - callMs) };
  } finally {
    session.dispose();
  }
}

async function measureBatch(datasetDir: string, batch: number, noiseLength: number): Promise<Pick<StepParts, 'readMs' | 'noiseMs'>> {
  const opened = openDataset(datasetDir);
  if (!opened.ok) throw new FailureError(opened.error);
  const dataset = opened.value;
  try {
    const size = bytesPerImage(dataset.format);
    const read = repeatedImageReader(dataset);
    const images = new Uint8Array(batch * size);
    const noise = new Float32Array(noiseLength);
    let turn = 0;
    const readMs = await timeOf(() => {
      turn++;
      for (let row = 0; row < batch; row++) read((turn * batch + row * 7919) % dataset.count, images, row * size);
    });
    const noiseMs = await timeOf(() => fillNormal(noise, trainNoiseKey(0, ++turn)));
    return { readMs, noiseMs };
  } finally {
    dataset.dispose();
  }
}

/** Reads one number of each input. */
function touching(name: string, inputs: Readonly<Record<string, TensorSpec>>): ProgramDefinition {
  const first = (tensor: Tensor): Tensor => tf.cast(tf.slice(tf.reshape(tensor, [-1]), 0, 1), 'float32');
  return { name, inputs, body: (tensors) => ({ sum: tf.addN(Object.values(tensors).map(first)) }) };
}

/** Makes outputs of those shapes out of one number. */
function fetching(outputs: Readonly<Record<string, TensorSpec>>): ProgramDefinition {
  return {
    name: 'fetch',
    inputs: { rate: { shape: [], dtype: 'float32' } },
    body: ({ rate }) =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, { shape }], i) => [name, tf.broadcastTo(tf.add(rate!, i), [...shape])]),
      ),
  };
}

async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return median(times);
}
