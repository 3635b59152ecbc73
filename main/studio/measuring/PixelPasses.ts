import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { bytesPerImage } from '../../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import { createExecutor } from '../../compute/createExecutor.js';
import type { ProgramDefinition, Session } from '../../compute/program.js';
import type { PackedDataset } from '../../datasets/packedDataset.js';
import { scaleImages } from '../../models/loss.js';
import type { ReadImage } from '../../training/batchOrder.js';
import { repeatedImageReader } from '../../training/imageReader.js';
import type { Progress } from './Progress.js';

/** Images a call. */
const rows = 512;

/** Mean and spread of the pixels of some items, values in [0, 1]. */
export interface PixelMoments {
  /** As long as an image. */
  readonly mean: Float32Array;
  /** The sum of the variances of all pixels. */
  readonly variance: number;
}

/** What the images of one batch have to do with some vectors. */
interface BatchProducts {
  /** Products of each image, less the mean, with each vector: images x vectors. */
  readonly scores: Float32Array;
  /** Of each image less the mean. */
  readonly squares: Float32Array;
  /** Sum over images of (image - mean) times each of its scores: vectors x image. */
  readonly products: Float32Array;
}

/**
 * Passes over the pixels of a dataset, of which only a batch is in memory (a small dataset is). Each runs as a compiled program, so that
 * products of matrices have the speed of the machine.
 */
export class PixelPasses implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #read: ReadImage;
  readonly #size: number;

  private constructor(
    private readonly dataset: PackedDataset,
    private readonly session: Session,
    private readonly progress: Progress,
  ) {
    this.#owned.add(session);
    this.#size = bytesPerImage(dataset.format);
    this.#read = repeatedImageReader(dataset);
  }

  static async open(dataset: PackedDataset, progress: Progress): Promise<PixelPasses> {
    // One core is left to whoever decodes and to the window.
    const threads = Math.max(1, availableParallelism() - 1);
    return new PixelPasses(dataset, await createExecutor('onnx', { threads }).open(new Map()), progress);
  }

  /** @param items at least one */
  moments(items: Uint32Array): PixelMoments {
    const sums = new Float64Array(this.#size);
    let squares = 0;
    const image = new Uint8Array(this.#size);
    for (const [done, item] of items.entries()) {
      this.progress.report('reading', done, items.length);
      this.#read(item, image, 0);
      for (let i = 0; i < image.length; i++) {
        sums[i]! += image[i]!;
        squares += image[i]! * image[i]!;
      }
    }
    const means = sums.map((sum) => sum / items.length);
    const variance = squares / items.length - means.reduce((sum, mean) => sum + mean * mean, 0);
    return { mean: Float32Array.from(means, (mean) => mean / 255), variance: Math.max(0, variance) / 255 ** 2 };
  }

  /**
   * @param vectors one a row
   * @param visit is given what belongs to each batch, and the place of its first image in `items`; the arrays are reused afterwards
   */
  async each(items: Uint32Array, mean: Float32Array, vectors: Float32Array, visit: (batch: BatchProducts, first: number) => void): Promise<void> {
    const count = vectors.length / this.#size;
    const program = await this.session.compile(productsProgram(this.dataset, count));
    try {
      const images = new Uint8Array(rows * this.#size);
      const rowWeights = new Float32Array(rows);
      for (let first = 0; first < items.length; first += rows) {
        this.progress.report('reading', first, items.length);
        const some = items.subarray(first, first + rows);
        for (const [row, item] of some.entries()) this.#read(item, images, row * this.#size);
        rowWeights.fill(1, 0, some.length).fill(0, some.length);
        const fetched = await program.run({ images, rowWeights, mean, vectors });
        const scores = fetched['scores']!.subarray(0, some.length * count);
        const squares = fetched['squares']!.subarray(0, some.length);
        visit({ scores, squares, products: fetched['products']! }, first);
      }
    } finally {
      program.dispose();
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function productsProgram({ format }: PackedDataset, count: number): ProgramDefinition {
  const size = bytesPerImage(format);
  return {
    name: 'pixelProducts',
    inputs: {
      images: { shape: [rows, format.height, format.width, format.channels], dtype: 'uint8' },
      rowWeights: { shape: [rows], dtype: 'float32' },
      mean: { shape: [size], dtype: 'float32' },
      vectors: { shape: [count, size], dtype: 'float32' },
    },
    body: ({ images, rowWeights, mean, vectors }) => {
      const flat: Tensor2D = tf.reshape(scaleImages(images as Tensor4D), [rows, size]);
      const centred = tf.mul(tf.sub(flat, mean as Tensor1D), tf.reshape(rowWeights!, [rows, 1])) as Tensor2D;
      const scores: Tensor2D = tf.matMul(centred, vectors as Tensor2D, false, true);
      return { scores, squares: tf.sum(tf.square(centred), 1), products: tf.matMul(scores, centred, true, false) };
    },
  };
}
