import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import type { DoctorReport, ExecutorReport } from '../../shared/contract/studio.js';
import { createExecutor } from '../compute/createExecutor.js';
import type { NativeService } from './NativeService.js';
import * as tf from '@tensorflow/tfjs-core';

/** What this machine offers: which executors work, proved by a matrix product, and which one is chosen. */
export async function examineMachine(native: NativeService): Promise<DoctorReport> {
  return {
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    executors: [
      await examineOnnx(),
      { name: 'tensorflow', available: false, version: null, detail: 'Not part of this version: the embedded executor is used.' },
    ],
    choice: { executor: 'onnx', reason: 'It is the embedded executor, and the only one in this version.' },
    native: await native.status(),
    calibrations: [],
  };
}

async function examineOnnx(): Promise<ExecutorReport> {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  try {
    const session = await createExecutor('onnx').open(new Map());
    const program = await session.compile({
      name: 'doctor',
      inputs: { a: { shape: [2, 2], dtype: 'float32' } },
      body: ({ a }) => ({ square: tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D) }),
    });
    const { square } = await program.run({ a: Float32Array.of(1, 2, 3, 4) });
    session.dispose();
    const right = [7, 10, 15, 22].every((value, i) => square![i] === value);
    const detail = right ? 'ONNX Runtime on the processor; a matrix product came out right.' : 'ONNX Runtime computes a matrix product wrongly here.';
    return { name: 'onnx', available: right, version, detail };
  } catch (error) {
    return { name: 'onnx', available: false, version, detail: `ONNX Runtime does not start: ${(error as Error).message}` };
  }
}
