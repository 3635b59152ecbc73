import type { LayerSummary } from '../../../shared/model.js';

/** A layer in the picture of a network; lengths in parts of the whole picture. */
export interface Block {
  readonly layer: LayerSummary;
  readonly part: 'encoder' | 'bottleneck' | 'decoder';
  /** Maps of an image, not a row of numbers. */
  readonly isMap: boolean;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

/** What the encoder says of an image: one block stands for both. */
const heads = ['encoder/mean', 'encoder/logVariance'];
/** Of the room that a narrow block takes. */
const gap = 0.5;
/** A layer of a single value is still seen. */
const least = 0.06;

/**
 * Places the image, the layers that compute something, and the bottleneck between them side by side. Heights are logarithms of the
 * number of values that come out of a layer; maps are wider, by the logarithm of how many there are.
 */
export function layoutNetwork(layers: readonly LayerSummary[]): readonly Block[] {
  const shown = layers.filter(({ name, parameters }) => !heads.includes(name) && (parameters > 0 || name === 'encoder/images' || name === 'decoder/latents'));
  const sizes = shown.map(({ outputShape }) => Math.log2(1 + outputShape.reduce((product, side) => product * side, 1)));
  const widths = shown.map(({ outputShape }) => (outputShape.length === 3 ? 1 + Math.log2(outputShape[2]!) / 2 : 1));
  const all = widths.reduce((sum, width) => sum + width, gap * (shown.length - 1));
  const greatest = Math.max(...sizes);
  let x = 0;
  return shown.map((layer, i) => {
    const block: Block = {
      layer,
      part: layer.name === 'decoder/latents' ? 'bottleneck' : layer.name.startsWith('encoder/') ? 'encoder' : 'decoder',
      isMap: layer.outputShape.length === 3,
      x: x / all,
      width: widths[i]! / all,
      height: Math.max(least, sizes[i]! / greatest),
    };
    x += widths[i]! + gap;
    return block;
  });
}
