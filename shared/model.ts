import type { ImageFormat } from './dataset.js';

/** Architecture of a model, complete: two equal specs build the same network. */
export interface ModelSpec {
  readonly kind: 'dense' | 'conv';
  /** The images that it was built for. */
  readonly format: ImageFormat;
  /** Dimensions of a latent, 2 to 64. */
  readonly latent: number;
  /** Widths of the hidden layers, encoder side first to last; the decoder mirrors them. For conv: the one dense layer. */
  readonly hidden: readonly number[];
}

export const executorNames = ['onnx', 'webgpu', 'tensorflow', 'eager'] as const;
/**
 * What runs a compiled program: `onnx` is ONNX Runtime on the processor, `webgpu` the same on a GPU, `tensorflow` the native backend on
 * processor or GPU. `eager` is the oracle of the tests, never a user's choice.
 */
export type ExecutorName = (typeof executorNames)[number];
