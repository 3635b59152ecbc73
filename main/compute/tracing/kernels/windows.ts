import type { Conv2DAttrs, MaxPoolAttrs } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Shape, Window } from '../../graph.js';
import { TraceError } from '../TraceBackend.js';

type Quad = [number, number, number, number];

/** What the kernels of convolutions have in common; gradients leave some of it out. */
type ConvAttrs = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & Partial<Pick<Conv2DAttrs, 'dataFormat' | 'dilations'>>;

/** The window of a convolution of images `x` with `filter`. @throws TraceError when the images are not NHWC */
export function convWindow(kernel: string, x: Shape, filter: Shape, attrs: ConvAttrs, depthwise = false): Window {
  if (attrs.dataFormat === 'NCHW') throw new TraceError('Images must be NHWC, and these are NCHW', kernel);
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  return windowOf(backend_util.computeConv2DInfo(x as Quad, filter as Quad, strides, dilations ?? 1, pad, dimRoundingMode, depthwise));
}

/** The window of a pooling of images `x`. */
export function poolWindow(x: Shape, { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs): Window {
  return windowOf(backend_util.computePool2DInfo(x as Quad, filterSize, strides, 1, pad, dimRoundingMode));
}

export const inShape = (window: Window): Shape => [window.batch, window.inHeight, window.inWidth, window.inChannels];
export const outShape = (window: Window): Shape => [window.batch, window.outHeight, window.outWidth, window.outChannels];

function windowOf(info: ReturnType<typeof backend_util.computeConv2DInfo>): Window {
  const { top, bottom, left, right } = info.padInfo;
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: top,
    padBottom: bottom,
    padLeft: left,
    padRight: right,
  };
}
