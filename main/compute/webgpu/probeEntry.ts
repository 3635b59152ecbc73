import { InferenceSession, Tensor, env } from 'onnxruntime-node';
import { OnnxGraph } from '../onnx/OnnxGraph.js';
import { wrongProducts } from './probe.js';

// Run as a program by probeWebGpu: multiplies two matrices through WebGPU and prints how fast, or why it cannot, on a line of its own.

const size = 512;

env.logLevel = 'verbose'; // the only place where onnxruntime names the devices of the machine
process.stdout.write(`\n${await measure().catch((error: unknown) => `reason ${String(error)}`)}\n`);

async function measure(): Promise<string> {
  const onnx = new OnnxGraph();
  const input = onnx.input('x', [size, size], 'float32');
  onnx.output('y', onnx.node('MatMul', [input, input]), [size, size], 'float32');
  const session = await InferenceSession.create(onnx.encode('probe'), { executionProviders: ['webgpu'], logSeverityLevel: 4 });
  const feeds = { x: new Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size]) };
  await session.run(feeds); // compiles the shader
  const start = performance.now();
  const { y } = await session.run(feeds);
  const milliseconds = performance.now() - start;
  if (!(y!.data as Float32Array).every((value) => value === size / 4)) return `reason ${wrongProducts}`;
  return `gflops ${String((2 * size ** 3) / milliseconds / 1e6)}`;
}
