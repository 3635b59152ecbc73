import type { Catalogue } from '../../catalogue.js';

export const executors: Catalogue['said']['executors'] = {
  worksOnProcessor: (library) => `${library}，使用处理器；矩阵乘积验证正确。`,
  worksOn: (library, gpu) => `${library}，使用 ${gpu}；矩阵乘积验证正确。`,

  noTensorFlow: 'TensorFlow 尚未安装；可由原生后端取得（命令行为“native install”）。',
  tensorFlowRemoved: 'TensorFlow 刚刚被移除。',
  onnxNotStarted: (detail) => `ONNX Runtime 无法启动：${detail}`,
  onnxWrongProduct: 'ONNX Runtime 在本机算错了矩阵乘积。',

  noWebGpu: (why) => `WebGPU 无法使用：${why}。`,
  noGpuFound: '没有找到 GPU',
  driverSilent: '它的驱动没有应答',
  driverFailed: '它的驱动出错',
  wrongProducts: '它算出的乘积是错的',
  onlySoftware: '本机没有可供 WebGPU 使用的 GPU，只有模拟 GPU 的处理器。',
  noGpu: '本机没有 WebGPU 可用的 GPU。请选择 ONNX Runtime，它不需要 GPU。',
};
