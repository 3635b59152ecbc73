import { corruptImages } from '../../shared/corruptImages.js';
import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import { klDimensions, type Augmentation, type NoiseSpec } from '../../shared/objective.js';
import { fillNormal, shuffle } from '../../shared/random.js';
import type { RunSpec } from '../../shared/run.js';
import { augmentImage } from './augmentImage.js';
import type { Slot } from './BatchRing.js';
import { augmentationKey, evaluateCorruptionKey, evaluateNoiseKey, orderKey, trainCorruptionKey, trainNoiseKey } from './streams.js';

/** What decides the batches of a run besides the images. */
export interface BatchPlan {
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly format: ImageFormat;
  /** Numbers of noise a row; 0 where the model draws none. */
  readonly latent: number;
  /** How the corrupted copies are made; null where there are none. */
  readonly noise: NoiseSpec | null;
  readonly augment: readonly Augmentation[];
  /** Steps of training already done; batches begin with the one after. */
  readonly stepsDone: number;
  /** Whether the held-out images come at the end of each epoch. */
  readonly evaluates: boolean;
}

/** The plan of a run that has made so many steps. */
export function batchPlan(spec: RunSpec, stepsDone: number): BatchPlan {
  const { seed, epochs, batch, noise, augment } = spec;
  return { seed, epochs, batch, format: spec.model.format, latent: klDimensions(spec), noise, augment, stepsDone, evaluates: true };
}

/** Reads image `item` of the dataset into `target` at `offset`. */
export type ReadImage = (item: number, target: Uint8Array, offset: number) => void;

/** Steps that an epoch takes: the last batch may be short. */
export function batchesOf(images: number, batch: number): number {
  return Math.ceil(images / batch);
}

/**
 * Fills slots with the batches of a run in their order until the run is over or `nextSlot` says null: each epoch the training
 * images in an order of its own, changed and corrupted as the plan says, then, where the plan asks for them, the held-out
 * images in theirs, unchanged. Every image comes once an epoch. All of it follows from the plan, so that a run that begins in the middle sees the batches that it would have seen.
 */
export function produceBatches(
  plan: BatchPlan,
  images: { readonly training: Uint32Array; readonly heldOut: Uint32Array; readonly read: ReadImage },
  nextSlot: () => Slot | null,
  publish: () => void,
): void {
  const stepsPerEpoch = batchesOf(images.training.length, plan.batch);
  const order = new Uint32Array(images.training.length);
  const scratch = new Uint8Array(bytesPerImage(plan.format));
  let step = plan.stepsDone;
  for (let epoch = Math.floor(step / stepsPerEpoch) + 1; epoch <= plan.epochs; epoch++) {
    order.set(images.training);
    shuffle(order, orderKey(plan.seed, epoch));
    while (step < epoch * stepsPerEpoch) {
      const slot = nextSlot();
      if (!slot) return;
      const position = step % stepsPerEpoch;
      step++;
      fill(slot, plan, order, position, trainNoiseKey(plan.seed, step), images.read);
      if (plan.augment.length > 0) augment(slot, plan, step, scratch);
      corrupt(slot, plan, trainCorruptionKey(plan.seed, step));
      publish();
    }
    const evaluations = plan.evaluates ? batchesOf(images.heldOut.length, plan.batch) : 0;
    for (let batch = 0; batch < evaluations; batch++) {
      const slot = nextSlot();
      if (!slot) return;
      fill(slot, plan, images.heldOut, batch, evaluateNoiseKey(plan.seed, epoch, batch), images.read);
      corrupt(slot, plan, evaluateCorruptionKey(plan.seed, epoch, batch));
      publish();
    }
  }
}

function fill(slot: Slot, plan: BatchPlan, order: Uint32Array, index: number, noiseKey: number, read: ReadImage): void {
  const first = index * plan.batch;
  const rows = Math.min(plan.batch, order.length - first);
  const bytes = slot.images.length / plan.batch;
  for (let row = 0; row < rows; row++) {
    const item = order[first + row]!;
    slot.items[row] = item;
    read(item, slot.images, row * bytes);
  }
  slot.images.fill(0, rows * bytes);
  slot.rowWeights.fill(1, 0, rows);
  slot.rowWeights.fill(0, rows);
  fillNormal(slot.noise, noiseKey);
  slot.noise.fill(0, rows * plan.latent);
  slot.rows[0] = rows;
}

function augment(slot: Slot, { seed, format, augment: by }: BatchPlan, step: number, scratch: Uint8Array): void {
  const bytes = scratch.length;
  for (let row = 0; row < slot.rows[0]!; row++) {
    augmentImage(slot.images.subarray(row * bytes, (row + 1) * bytes), format, by, augmentationKey(seed, step, row), scratch);
  }
}

/** Rows of padding are corrupted too, and weigh nothing. */
function corrupt(slot: Slot, { format, noise }: BatchPlan, key: number): void {
  if (noise) corruptImages(slot.corrupted, slot.images, format.channels, noise, key);
}
