import { workerData, type MessagePort } from 'node:worker_threads';
import { MessagePortTransport } from '../../../shared/contract/MessagePortTransport.js';
import { connect } from '../../../shared/contract/rpc.js';
import type { Neighbours } from '../../../shared/contract/studio.js';
import { nearestRows } from '../../latent/nearest.js';
import { neighbourRadius, supportCounts } from '../../latent/support.js';
import { FrameMaker, type ProjectedMeans } from './FrameMaker.js';
import { Means, type MeansMemory } from './Means.js';

/** What the thread is given at its start. */
export interface CloudWorkerData {
  readonly port: MessagePort;
  readonly means: MeansMemory;
  /** Positions of the items that are trained on. */
  readonly training: Uint32Array;
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
  /** @param latents row-major */
  support(latents: Float32Array): Support;
}

const { port, means: memory, training } = workerData as CloudWorkerData;
const means = new Means(memory);
const frames = new FrameMaker(means);

/** Means of the training items that have one, row-major. */
function trainingMeans(): Float32Array {
  const { latent, values, measured } = means;
  const items = training.filter((item) => measured[item]! > 0);
  const rows = new Float32Array(items.length * latent);
  for (const [row, item] of items.entries()) rows.set(values.subarray(item * latent, (item + 1) * latent), row * latent);
  return rows;
}

connect<CloudWorkerApi, object>(new MessagePortTransport(port), {
  frame: () => frames.make(),
  neighbours: (latent, count) => {
    const { rows, distances } = nearestRows(means.values, latent, count, (row) => means.measured[row]! > 0);
    return { items: rows, distances };
  },
  support: (latents) => {
    const rows = trainingMeans();
    const radius = neighbourRadius(rows, means.latent);
    return { counts: supportCounts(latents, rows, means.latent, radius), radius };
  },
});
