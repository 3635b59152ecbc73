import type { ImageFormat } from './dataset.js';

export const modelKinds = ['dense', 'conv', 'conv-resize', 'keras-conv-ae'] as const;
/** Layout of a model; `buildModel` describes each. */
export type ModelKind = (typeof modelKinds)[number];

/** Architecture of a model, complete: two equal specs build the same network. */
export interface ModelSpec {
  readonly kind: ModelKind;
  /** The images that it was built for. */
  readonly format: ImageFormat;
  /** Dimensions of a latent, 2 to 64; 1,568 for `keras-conv-ae`. */
  readonly latent: number;
  /** Widths of the hidden layers, encoder side first to last; the decoder mirrors them. For the convolutional kinds: the one dense layer. */
  readonly hidden: readonly number[];
  /** Of the hidden layers; absent: relu. With `linear` the model can find no more than principal components. */
  readonly activation?: 'linear';
}

/** One line of a model's summary. */
export interface LayerSummary {
  /** With the half that it belongs to: `encoder/dense1`. */
  readonly name: string;
  /** Without the batch. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/** What a model consists of. */
export interface ModelSummary {
  /** Both halves, in order, layers without parameters included. */
  readonly layers: readonly LayerSummary[];
  /** Trainable numbers of both halves. */
  readonly parameters: number;
}

/** Values of the bottleneck of `keras-conv-ae`, 7 x 7 x 32: more than its images have. */
export const kerasConvAeLatent = 1568;

export const presetNames = ['pytorch-example', 'keras-vae', 'keras-conv-ae'] as const;
export type PresetName = (typeof presetNames)[number];

/** The architectures of published examples, for grey images of 28 pixels. */
export const presets: Readonly<Record<PresetName, Pick<ModelSpec, 'kind' | 'latent' | 'hidden'>>> = {
  /** PyTorch, examples/vae. */
  'pytorch-example': { kind: 'dense', latent: 20, hidden: [400] },
  /** Keras, examples/generative/vae. */
  'keras-vae': { kind: 'conv', latent: 2, hidden: [16] },
  /** Keras, examples/vision/autoencoder. */
  'keras-conv-ae': { kind: 'keras-conv-ae', latent: kerasConvAeLatent, hidden: [] },
};

export const executorNames = ['onnx', 'webgpu', 'tensorflow', 'eager'] as const;
/**
 * What runs a compiled program: `onnx` is ONNX Runtime on the processor, `webgpu` the same on a GPU, `tensorflow` the native backend on
 * processor or GPU. `eager` is the oracle of the tests, never a user's choice.
 */
export type ExecutorName = (typeof executorNames)[number];
