import type {
  AvgPoolAttrs, AvgPoolGradAttrs, BatchMatMulAttrs, Conv2DAttrs, Conv2DBackpropFilterAttrs, Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeAttrs, DepthwiseConv2dNativeBackpropFilterAttrs, DepthwiseConv2dNativeBackpropInputAttrs, FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs, MaxPoolAttrs, MaxPoolGradAttrs, ResizeBilinearAttrs, _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Builder } from '../../Builder.js';
import type { Node, Resampling, Shape, Window } from '../../graph.js';
import { traceKernel } from '../kernel.js';
import { TraceError } from '../TraceBackend.js';
import { leakyRelu, prelu } from './elementwise.js';

// Matrix products

traceKernel<'a' | 'b', BatchMatMulAttrs>('BatchMatMul', ({ a, b }, build, { transposeA, transposeB }) => build.matmul(a, b, transposeA, transposeB));
traceKernel<'a' | 'b', _FusedMatMulAttrs, 'bias' | 'preluActivationWeights'>('_FusedMatMul', (inputs, build, attrs) =>
  epilogue(build.matmul(inputs.a, inputs.b, attrs.transposeA, attrs.transposeB), inputs, build, attrs),
);

// Convolutions

type ConvInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

function windowOf(info: ConvInfo): Window {
  const { top, bottom, left, right } = info.padInfo;
  return {
    batch: info.batchSize, inHeight: info.inHeight, inWidth: info.inWidth, inChannels: info.inChannels,
    outHeight: info.outHeight, outWidth: info.outWidth, outChannels: info.outChannels,
    filterHeight: info.filterHeight, filterWidth: info.filterWidth, strideHeight: info.strideHeight, strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight, dilationWidth: info.dilationWidth, padTop: top, padBottom: bottom, padLeft: left, padRight: right,
  };
}

type Quad = [number, number, number, number];

function convWindow(x: Shape, filter: Shape, attrs: Omit<Conv2DAttrs, 'dilations'> & Partial<Pick<Conv2DAttrs, 'dilations'>>, kernel: string, depthwise = false): Window {
  if (attrs.dataFormat === 'NCHW') throw new TraceError('Images must be NHWC, and these are NCHW', kernel);
  return windowOf(
    backend_util.computeConv2DInfo(x as Quad, filter as Quad, attrs.strides, attrs.dilations ?? 1, attrs.pad, attrs.dimRoundingMode, depthwise),
  );
}

const inShape = (window: Window) => [window.batch, window.inHeight, window.inWidth, window.inChannels];
const outShape = (window: Window) => [window.batch, window.outHeight, window.outWidth, window.outChannels];

const conv = (x: Node, filter: Node, build: Builder, window: Window) => build.node({ kind: 'conv', window, relu: false }, [x, filter], outShape(window));
traceKernel<'x' | 'filter', Conv2DAttrs>('Conv2D', ({ x, filter }, build, attrs) => conv(x, filter, build, convWindow(x.shape, filter.shape, attrs, 'Conv2D')));
traceKernel<'x' | 'filter', FusedConv2DAttrs, 'bias' | 'preluActivationWeights'>('FusedConv2D', (inputs, build, attrs) =>
  epilogue(conv(inputs.x, inputs.filter, build, convWindow(inputs.x.shape, inputs.filter.shape, attrs, 'FusedConv2D')), inputs, build, attrs),
);
traceKernel<'dy' | 'filter', Conv2DBackpropInputAttrs>('Conv2DBackpropInput', ({ dy, filter }, build, attrs) =>
  build.node({ kind: 'convInputGradient', window: convWindow(attrs.inputShape, filter.shape, attrs, 'Conv2DBackpropInput'), relu: false }, [dy, filter], attrs.inputShape),
);
traceKernel<'x' | 'dy', Conv2DBackpropFilterAttrs>('Conv2DBackpropFilter', ({ x, dy }, build, attrs) =>
  build.node({ kind: 'convFilterGradient', window: convWindow(x.shape, attrs.filterShape, attrs, 'Conv2DBackpropFilter') }, [x, dy], attrs.filterShape),
);

const depthwise = (x: Node, filter: Node, build: Builder, window: Window) =>
  build.node({ kind: 'depthwiseConv', window }, [x, filter], outShape(window));
const depthwiseWindow = (x: Shape, filter: Shape, attrs: Omit<DepthwiseConv2dNativeAttrs, 'dataFormat'>, kernel: string) =>
  convWindow(x, filter, { ...attrs, dataFormat: 'NHWC' }, kernel, true);
traceKernel<'x' | 'filter', DepthwiseConv2dNativeAttrs>('DepthwiseConv2dNative', ({ x, filter }, build, attrs) =>
  depthwise(x, filter, build, depthwiseWindow(x.shape, filter.shape, attrs, 'DepthwiseConv2dNative')),
);
traceKernel<'x' | 'filter', FusedDepthwiseConv2DAttrs, 'bias' | 'preluActivationWeights'>('FusedDepthwiseConv2D', (inputs, build, attrs) =>
  epilogue(depthwise(inputs.x, inputs.filter, build, depthwiseWindow(inputs.x.shape, inputs.filter.shape, attrs, 'FusedDepthwiseConv2D')), inputs, build, attrs),
);
traceKernel<'dy' | 'filter', DepthwiseConv2dNativeBackpropInputAttrs>('DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, build, attrs) =>
  build.node(
    { kind: 'depthwiseConvInputGradient', window: depthwiseWindow(attrs.inputShape, filter.shape, attrs, 'DepthwiseConv2dNativeBackpropInput') },
    [dy, filter],
    attrs.inputShape,
  ),
);
traceKernel<'x' | 'dy', DepthwiseConv2dNativeBackpropFilterAttrs>('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, build, attrs) =>
  build.node(
    { kind: 'depthwiseConvFilterGradient', window: depthwiseWindow(x.shape, attrs.filterShape, attrs, 'DepthwiseConv2dNativeBackpropFilter') },
    [x, dy],
    attrs.filterShape,
  ),
);

interface EpilogueInputs {
  readonly bias?: Node;
  readonly preluActivationWeights?: Node;
}

/** The bias and activation of tfjs's fused kernels. */
function epilogue(product: Node, inputs: EpilogueInputs, build: Builder, attrs: Pick<_FusedMatMulAttrs, 'activation' | 'leakyreluAlpha'>): Node {
  const sum = inputs.bias ? build.binary('add', product, inputs.bias) : product;
  switch (attrs.activation) {
    case undefined:
    case null:
    case 'linear':
      return sum;
    case 'relu':
    case 'elu':
    case 'sigmoid':
      return build.unary(attrs.activation, sum);
    case 'relu6':
      return build.node({ kind: 'clip', min: 0, max: 6 }, [sum], sum.shape);
    case 'leakyrelu':
      return leakyRelu(sum, build, attrs.leakyreluAlpha ?? 0.2);
    case 'prelu':
      return prelu(sum, inputs.preluActivationWeights!, build);
  }
}

// Pooling

const poolWindow = (shape: Shape, attrs: MaxPoolAttrs) =>
  windowOf(backend_util.computePool2DInfo(shape as Quad, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode));

for (const fn of ['max', 'average'] as const) {
  traceKernel<'x', MaxPoolAttrs | AvgPoolAttrs>(fn === 'max' ? 'MaxPool' : 'AvgPool', ({ x }, build, attrs) => {
    const window = poolWindow(x.shape, attrs);
    return build.node({ kind: 'pool', fn, window }, [x], outShape(window));
  });
}
traceKernel<'dy' | 'input' | 'output', MaxPoolGradAttrs>('MaxPoolGrad', ({ dy, input, output }, build, attrs) => {
  const window = poolWindow(input.shape, attrs);
  return build.node({ kind: 'maxPoolGradient', window }, [dy, input, output], inShape(window));
});
traceKernel<'dy' | 'input', AvgPoolGradAttrs>('AvgPoolGrad', ({ dy, input }, build, attrs) => {
  const window = poolWindow(input.shape, attrs);
  return build.node({ kind: 'averagePoolGradient', window }, [dy], inShape(window));
});

// Resizing

for (const method of ['nearest', 'bilinear'] as const) {
  const kernel = method === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear';
  const resamplingOf = ({ alignCorners, halfPixelCenters }: Pick<ResizeBilinearAttrs, 'alignCorners' | 'halfPixelCenters'>): Resampling => ({
    method,
    alignCorners,
    halfPixelCenters,
  });
  traceKernel<'images', ResizeBilinearAttrs>(kernel, ({ images }, build, attrs) => {
    const [batch, , , channels] = images.shape;
    return build.node({ kind: 'resize', resampling: resamplingOf(attrs) }, [build.cast(images, 'float32')], [batch!, ...attrs.size, channels!]);
  });
  traceKernel<'images' | 'dy', ResizeBilinearAttrs>(`${kernel}Grad`, ({ images, dy }, build, attrs) =>
    build.node({ kind: 'resizeGradient', resampling: resamplingOf(attrs) }, [dy], images.shape),
  );
}
