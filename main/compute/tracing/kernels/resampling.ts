import type { AvgPoolAttrs, AvgPoolGradAttrs, MaxPoolAttrs, MaxPoolGradAttrs, ResizeBilinearAttrs } from '@tensorflow/tfjs-core';
import type { Resampling } from '../../graph.js';
import { traceKernel } from '../kernel.js';
import { inShape, outShape, poolWindow } from './windows.js';

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

for (const method of ['nearest', 'bilinear'] as const) {
  const kernel = method === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear';
  const resamplingOf = ({ alignCorners, halfPixelCenters }: ResizeBilinearAttrs): Resampling => ({ method, alignCorners, halfPixelCenters });
  traceKernel<'images', ResizeBilinearAttrs>(kernel, ({ images }, build, attrs) => {
    const [batch, , , channels] = images.shape;
    const shape = [batch!, ...attrs.size, channels!];
    return build.node({ kind: 'resize', resampling: resamplingOf(attrs) }, [build.cast(images, 'float32')], shape);
  });
  traceKernel<'images' | 'dy', ResizeBilinearAttrs>(`${kernel}Grad`, ({ images, dy }, build, attrs) =>
    build.node({ kind: 'resizeGradient', resampling: resamplingOf(attrs) }, [dy], images.shape),
  );
}
