import type { BatchMatMulAttrs, _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import { traceKernel } from '../kernel.js';
import { epilogue } from './epilogue.js';

traceKernel<'a' | 'b', BatchMatMulAttrs>('BatchMatMul', ({ a, b }, build, { transposeA, transposeB }) =>
  build.matmul(a, b, transposeA, transposeB),
);
traceKernel<'a' | 'b', _FusedMatMulAttrs, 'bias' | 'preluActivationWeights'>('_FusedMatMul', (inputs, build, attrs) =>
  epilogue(build.matmul(inputs.a, inputs.b, attrs.transposeA, attrs.transposeB), inputs, build, attrs),
);
