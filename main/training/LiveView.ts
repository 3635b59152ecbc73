import type { TrainerEvent } from '../../shared/contract/trainer.js';
import { bytesPerImage } from '../../shared/dataset.js';
import { shuffle } from '../../shared/random.js';
import type { PackedDataset } from '../datasets/packedDataset.js';
import { sketchOf, sketchRow, type Sketch } from '../latent/sketch.js';
import { encodeSafetensors } from '../projects/safetensors.js';
import type { ReadImage } from './batchOrder.js';
import type { Engine } from './Engine.js';
import { imageReader } from './imageReader.js';
import { probeKey } from './streams.js';

/** Part of the training time that showing it may take: snapshots and means together. */
export const liveShare = 0.05;
/** Snapshots and means are at least this far apart, but for the ends of epochs. */
const intervalMs = 1000;
/** The first ones come after so much training: whoever has pressed Train wants to see something. */
const firstMs = 250;
const noMetadata = {};

/**
 * Shows a run while it goes on: snapshots of the weights, and means of the items. The means of each batch come for free from
 * its step, so that every item is shown at least once an epoch; not those of images that were corrupted or augmented, which are not where
 * the items lie. Beside them a probe, which is always the same images as far as it goes, is encoded anew each second, and every item at
 * the end of an epoch. All of this together takes no more than `liveShare` of the time: what has been spent is earned back before more
 * is spent, and the probe and the end of an epoch take only what has been saved. A probe is an addition to, never a part of, what is
 * trained.
 */
export class LiveView {
  readonly #sketch: Sketch;
  /** What is kept of the latest mean of each item that has not been shown, and which items those are. */
  readonly #means: Float32Array;
  readonly #fresh: Uint8Array;
  #freshCount = 0;
  /** Items in the order in which the probe takes them. */
  readonly #probe: Uint32Array;
  readonly #images: Uint8Array;
  readonly #read: ReadImage;
  /** Milliseconds that may still be spent; below zero after something that cost more than had been saved. */
  #savedMs = 0;
  #sinceShownMs = intervalMs - firstMs;
  /** Since the end of an epoch was shown: epochs of a small dataset end many times a second. */
  #sinceEndMs = intervalMs;
  #spentMs = 0;
  /** Measured duration of encoding one batch, 0 before the first. */
  #encodeMs = 0;

  constructor(
    private readonly engine: Engine,
    private readonly dataset: PackedDataset,
    seed: number,
    latent: number,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.#sketch = sketchOf(latent);
    this.#means = new Float32Array(dataset.count * this.#sketch.kept);
    this.#fresh = new Uint8Array(dataset.count);
    this.#probe = Uint32Array.from({ length: dataset.count }, (_, i) => i);
    shuffle(this.#probe, probeKey(seed));
    this.#read = imageReader(dataset);
    this.#images = new Uint8Array(engine.encodeBatch * bytesPerImage(dataset.format));
  }

  /** Milliseconds spent on showing since the last call. */
  takeSpentMs(): number {
    const spent = this.#spentMs;
    this.#spentMs = 0;
    return spent;
  }

  /** Takes the means of the first `rows` of a batch. */
  collect(items: Uint32Array, means: Float32Array, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const item = items[row]!;
      sketchRow(this.#sketch, means, row, this.#means, item);
      this.#freshCount += 1 - this.#fresh[item]!;
      this.#fresh[item] = 1;
    }
  }

  /** Counts training time; true when it is time for `show`. */
  earn(ms: number): boolean {
    this.#savedMs += liveShare * ms;
    this.#sinceShownMs += ms;
    this.#sinceEndMs += ms;
    return this.#sinceShownMs >= intervalMs && this.#savedMs >= 0;
  }

  /** Encodes the probe anew and shows everything that is new. */
  async show(step: number): Promise<void> {
    await this.#charge(async () => {
      // Half for the probe; the other half pays for the rest and saves for the end of an epoch.
      await this.#encode(this.#affordable((liveShare / 2) * this.#sinceShownMs));
      this.#send(step);
    });
  }

  /** Encodes every item when that has been saved for, and shows what is new unless too much has been spent or too little time has passed. */
  async endEpoch(step: number): Promise<void> {
    if (this.#savedMs < 0 || this.#sinceEndMs < intervalMs) return;
    this.#sinceEndMs = 0;
    await this.#charge(async () => {
      if (this.#affordable(this.#savedMs) >= this.dataset.count) await this.#encode(this.dataset.count);
      this.#send(step);
    });
  }

  /** Shows what is new whatever it costs: a run that rests or ends is looked at. */
  async rest(step: number): Promise<void> {
    await this.#charge(() => Promise.resolve(this.#send(step)));
  }

  /** Items that can be encoded within `ms`; one batch while the duration is not known. */
  #affordable(ms: number): number {
    const batches = this.#encodeMs === 0 ? 1 : Math.floor(ms / this.#encodeMs);
    return Math.min(this.dataset.count, batches * this.engine.encodeBatch);
  }

  /** Encodes the first `count` items of the probe. */
  async #encode(count: number): Promise<void> {
    const { encodeBatch } = this.engine;
    const size = bytesPerImage(this.dataset.format);
    for (let start = 0; start < count; start += encodeBatch) {
      const began = performance.now();
      const items = this.#probe.subarray(start, Math.min(count, start + encodeBatch));
      for (const [row, item] of items.entries()) this.#read(item, this.#images, row * size);
      this.collect(items, await this.engine.encode(this.#images), items.length);
      this.#encodeMs = performance.now() - began;
    }
  }

  #send(step: number): void {
    const { kept } = this.#sketch;
    const items = new Uint32Array(this.#freshCount);
    const means = new Float32Array(items.length * kept);
    for (let item = 0, row = 0; row < items.length; item++) {
      if (this.#fresh[item] === 0) continue;
      items[row] = item;
      means.set(this.#means.subarray(item * kept, (item + 1) * kept), row * kept);
      row++;
    }
    this.#fresh.fill(0);
    this.#freshCount = 0;
    this.emit({ kind: 'snapshot', step, weights: encodeSafetensors(this.engine.readWeights(), noMetadata) });
    if (items.length > 0) this.emit({ kind: 'means', step, items, means });
  }

  async #charge(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    const ms = performance.now() - began;
    this.#savedMs -= ms;
    this.#spentMs += ms;
    this.#sinceShownMs = 0;
  }
}
