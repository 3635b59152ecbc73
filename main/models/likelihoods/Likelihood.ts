import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';

/**
 * The distribution p(x | z) of an image, given what the decoder puts out for z: pure tfjs code, values of images in [0, 1]. All values of
 * an image are independent given z, so that its negative log-likelihood is a sum.
 */
export interface Likelihood {
  /** What the decoder's last layer is called: what it puts out. */
  readonly output: 'logits' | 'means';
  /**
   * What its negative logarithm is of. `mass`: of the 256 values of a byte, which makes it bits by itself. `density`: of values in
   * [0, 1], 8 bits a value above that of bytes. `cross-entropy`: of nothing, for grey values; no bits follow from it.
   */
  readonly measure: 'mass' | 'density' | 'cross-entropy';
  /** Numbers of its own that are trained along, by name. */
  readonly trained: ReadonlyMap<string, Variable>;
  /** Numbers of its own that a train step assigns, by name. */
  readonly averaged: ReadonlyMap<string, Variable>;
  /**
   * Negative log-likelihood of each value, nats, in the shape of `images`.
   *
   * @param rows weights of the rows of a batch that is being trained on, of sum 1: what is estimated from the batch is estimated from them
   */
  negativeLog<T extends Tensor>(output: T, images: T, rows?: Tensor1D): T;
  /** The image to show for a decoder's output, in [0, 1]: the mean of the distribution. */
  display<T extends Tensor>(output: T): T;
}

export const nothing: ReadonlyMap<string, Variable> = new Map();
