import * as tf from '@tensorflow/tfjs-core';
import { createExecutor } from '../main/compute/createExecutor.js';

/**
 * The machine's matrix-product peak through the executor, GFLOP/s: the best of many products of 1024 x 1024 float32 matrices.
 * The roofline that a train step is held against.
 */
export async function gemmPeak(): Promise<number> {
  const n = 1024;
  const executor = createExecutor('onnx');
  const session = await executor.open(new Map());
  try {
    const program = await session.compile({
      name: 'gemm',
      inputs: { a: { shape: [n, n], dtype: 'float32' }, b: { shape: [n, n], dtype: 'float32' } },
      body: ({ a, b }) => ({ product: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D) }),
    });
    const feeds = { a: new Float32Array(n * n).fill(0.5), b: new Float32Array(n * n).fill(0.25) };
    let best = Infinity;
    for (let i = 0; i < 30; i++) {
      const started = performance.now();
      await program.run(feeds);
      best = Math.min(best, performance.now() - started);
    }
    return (2 * n ** 3) / best / 1e6;
  } finally {
    session.dispose();
  }
}
