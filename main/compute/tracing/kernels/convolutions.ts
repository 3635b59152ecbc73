import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs,
} from '@tensorflow/tfjs-core';
import type { Builder } from '../../Builder.js';
import type { Node, Window } from '../../graph.js';
import { traceKernel } from '../kernel.js';
import { epilogue } from './epilogue.js';
import { convWindow, outShape } from './windows.js';

type FusedInputs = 'bias' | 'preluActivationWeights';

const conv = (x: Node, filter: Node, build: Builder, window: Window) =>
  build.node({ kind: 'conv', window, relu: false }, [x, filter], outShape(window));

traceKernel<'x' | 'filter', Conv2DAttrs>('Conv2D', ({ x, filter }, build, attrs) =>
  conv(x, filter, build, convWindow('Conv2D', x.shape, filter.shape, attrs)),
);
traceKernel<'x' | 'filter', FusedConv2DAttrs, FusedInputs>('FusedConv2D', (inputs, build, attrs) => {
  const { x, filter } = inputs;
  return epilogue(conv(x, filter, build, convWindow('FusedConv2D', x.shape, filter.shape, attrs)), inputs, build, attrs);
});
traceKernel<'dy' | 'filter', Conv2DBackpropInputAttrs>('Conv2DBackpropInput', ({ dy, filter }, build, attrs) => {
  const window = convWindow('Conv2DBackpropInput', attrs.inputShape, filter.shape, attrs);
  return build.node({ kind: 'convInputGradient', window, relu: false }, [dy, filter], attrs.inputShape);
});
traceKernel<'x' | 'dy', Conv2DBackpropFilterAttrs>('Conv2DBackpropFilter', ({ x, dy }, build, attrs) => {
  const window = convWindow('Conv2DBackpropFilter', x.shape, attrs.filterShape, attrs);
  return build.node({ kind: 'convFilterGradient', window }, [x, dy], attrs.filterShape);
});

const depthwise = (x: Node, filter: Node, build: Builder, window: Window) =>
  build.node({ kind: 'depthwiseConv', window }, [x, filter], outShape(window));

traceKernel<'x' | 'filter', DepthwiseConv2dNativeAttrs>('DepthwiseConv2dNative', ({ x, filter }, build, attrs) =>
  depthwise(x, filter, build, convWindow('DepthwiseConv2dNative', x.shape, filter.shape, attrs, true)),
);
traceKernel<'x' | 'filter', FusedDepthwiseConv2DAttrs, FusedInputs>('FusedDepthwiseConv2D', (inputs, build, attrs) => {
  const { x, filter } = inputs;
  const window = convWindow('FusedDepthwiseConv2D', x.shape, filter.shape, attrs, true);
  return epilogue(depthwise(x, filter, build, window), inputs, build, attrs);
});
traceKernel<'dy' | 'filter', DepthwiseConv2dNativeBackpropInputAttrs>(
  'DepthwiseConv2dNativeBackpropInput',
  ({ dy, filter }, build, attrs) => {
    const window = convWindow('DepthwiseConv2dNativeBackpropInput', attrs.inputShape, filter.shape, attrs, true);
    return build.node({ kind: 'depthwiseConvInputGradient', window }, [dy, filter], attrs.inputShape);
  },
);
traceKernel<'x' | 'dy', DepthwiseConv2dNativeBackpropFilterAttrs>('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, build, attrs) => {
  const window = convWindow('DepthwiseConv2dNativeBackpropFilter', x.shape, attrs.filterShape, attrs, true);
  return build.node({ kind: 'depthwiseConvFilterGradient', window }, [x, dy], attrs.filterShape);
});
