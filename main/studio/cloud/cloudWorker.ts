import { workerData } from 'node:worker_threads';
import { MessagePortTransport } from '../../../shared/contract/MessagePortTransport.js';
import { connect } from '../../../shared/contract/rpc.js';
import type { Neighbours } from '../../../shared/contract/studio.js';
import { nearestRows } from '../../latent/nearest.js';
import { distanceScale, sketched } from '../../latent/sketch.js';
import { neighbourRadius, supportCounts } from '../../latent/support.js';
import type { WorkerThreadData } from '../WorkerThread.js';
import { FrameMaker, type ProjectedMeans } from './FrameMaker.js';
import { Means, type MeansMemory } from './Means.js';

/** What the thread is given at its start. */
export interface CloudWorkerData extends WorkerThreadData {
  readonly means: MeansMemory;
  /** Positions of the items that are trained on. */
  readonly training: Uint32Array;
}

/** Which means those are that a question is about. */
export interface MeansAge {
  /** Counts their changes. */
  readonly changes: number;
  /** Whether they go on changing. */
  readonly live: boolean;
}

/** How well the training images support latents. */
export interface Support {
  /** Training means within `radius` of each latent. */
  readonly counts: Uint32Array;
  readonly radius: number;
}

/** What the thread computes from the means as they are at that moment. */
export interface CloudWorkerApi {
  frame(): ProjectedMeans;
  neighbours(latent: Float32Array, count: number): Neighbours;
  /**
   * @param latents row-major
   * @param age of the means, to know whether they have changed
   */
  support(latents: Float32Array, age: MeansAge): Support;
}

const { port, means: memory, training } = workerData as CloudWorkerData;
const means = new Means(memory);
const { sketch } = means;
const scale = distanceScale(sketch);
const frames = new FrameMaker(means);

/** What is kept of the means of the training items that have one, row-major. */
function trainingMeans(): Float32Array {
  const { values, measured } = means;
  const { kept } = sketch;
  const items = training.filter((item) => measured[item]! > 0);
  const rows = new Float32Array(items.length * kept);
  for (const [row, item] of items.entries()) rows.set(values.subarray(item * kept, (item + 1) * kept), row * kept);
  return rows;
}

/** While means change, finding the radius anew takes no more than one part in so many of the time. */
const radiusPatience = 20;
let found = { radius: 0, changes: -1, at: -Infinity, tookMs: 0 };

/** The distance that counts as near among what is kept of means: that of a little while ago as long as they keep changing. */
function radiusAmong(rows: Float32Array, { changes, live }: MeansAge): number {
  const isNew = live && performance.now() - found.at < radiusPatience * found.tookMs;
  if (changes !== found.changes && !isNew) {
    const at = performance.now();
    const radius = neighbourRadius(rows, sketch.kept);
    found = { radius, changes, at, tookMs: performance.now() - at };
  }
  return found.radius;
}

connect<CloudWorkerApi, object>(new MessagePortTransport(port), {
  frame: () => frames.make(),
  neighbours: (latent, count) => {
    const { rows, distances } = nearestRows(means.values, sketched(sketch, latent), count, (row) => means.measured[row]! > 0);
    return { items: rows, distances: distances.map((distance) => scale * distance) };
  },
  support: (latents, age) => {
    const rows = trainingMeans();
    const radius = radiusAmong(rows, age);
    return { counts: supportCounts(sketched(sketch, latents), rows, sketch.kept, radius), radius: scale * radius };
  },
});
