/** What a machine has to train on, or why not. */
export const executors = {
  worksOnProcessor: (library: string) => `${library} on the processor; a matrix product came out right.`,
  worksOn: (library: string, gpu: string) => `${library} on ${gpu}; a matrix product came out right.`,

  noTensorFlow: 'TensorFlow is not installed; the native backend gets it ("native install" on the command line).',
  tensorFlowRemoved: 'TensorFlow was removed just now.',
  onnxNotStarted: (detail: string) => `ONNX Runtime does not start: ${detail}`,
  onnxWrongProduct: 'ONNX Runtime computes a matrix product wrongly here.',

  noWebGpu: (why: string) => `WebGPU cannot be used, ${why}.`,
  noGpuFound: 'no GPU was found',
  driverSilent: 'its driver gave no answer',
  driverFailed: 'its driver has failed',
  wrongProducts: 'its products are wrong',
  onlySoftware: 'WebGPU has no GPU here, only the processor that acts as one.',
  noGpu: 'No GPU was found that WebGPU can use on this machine. Choose onnx, which needs none.',
};
