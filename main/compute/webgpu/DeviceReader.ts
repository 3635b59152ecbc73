import { Tensor } from 'onnxruntime-node';
import { binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import { OnnxGraph } from '../onnx/OnnxGraph.js';

/**
 * Copies float32 tensors from the memory of the device.
 *
 * onnxruntime-node 1.30 keeps a tensor there but cannot read it ("download: not implemented"), so a model that does nothing is run on it,
 * with an output that is wanted here. The binding is called as the package's own session calls it, without waiting: state is read
 * between two steps.
 */
export class DeviceReader implements Disposable {
  readonly #session;

  constructor() {
    const onnx = new OnnxGraph();
    onnx.output('y', onnx.input('x', [-1], 'float32'), [-1], 'float32');
    const { buffer, byteOffset, byteLength } = Uint8Array.from(onnx.encode('read'));
    initOrt();
    this.#session = new binding.InferenceSession();
    this.#session.loadModel(buffer, byteOffset, byteLength, { executionProviders: ['webgpu'], logSeverityLevel: 4 });
  }

  read(tensor: Tensor): Float32Array {
    const x = Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType: 'float32', dims: [tensor.size] });
    const { y } = this.#session.run({ x }, { y: null }, {});
    return (y as Tensor).data as Float32Array; // the one output, of the type that it was declared with
  }

  dispose(): void {
    this.#session.dispose();
  }
}
