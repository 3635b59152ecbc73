import type { Catalogue } from '../../catalogue.js';

const lookAtIndex = '请检查 pip 使用的软件包索引（python3 -m pip config list）';
const noGpu = 'TensorFlow 没有使用 GPU，而是在处理器上计算。';
const lookAtDriver = '请检查驱动是否为最新版本，然后移除并重新安装原生后端。';
const needsCompiler = '需要支持 C++17 的编译器（g++ 8 或更新版本）及其标准库；目前使用内置后端。';

export const native: Catalogue['said']['native'] = {
  unavailable: (why) => `${why}；在此之前使用内置后端。`,

  otherSystem: (system) => `原生后端是为 Linux 制作的，在 ${system} 上不会下载任何内容`,
  macOS: '原生后端是为 Linux 制作的，在 macOS 上不会下载任何内容：请自行解压 TensorFlow，并在 MORPHOSCOPE_TENSORFLOW 中指定它的文件夹',
  oldLinux: (glibc) => `TensorFlow 需要带 glibc ${glibc} 或更新版本的 Linux，而本机不是：请自行构建，并在 MORPHOSCOPE_TENSORFLOW 中指定它的文件夹`,
  nobodyBuilds: (processor) => `没有适用于 ${processor} 的 Linux 版 TensorFlow：请自行构建，并在 MORPHOSCOPE_TENSORFLOW 中指定它的文件夹`,
  noPython: '没有 python3（3.8 或更新版本），而 TensorFlow 要由它的 pip 下载：请安装 Python 3',
  noPip: (python) => `${python} 没有 pip，而 TensorFlow 要由 pip 下载：请为它安装 pip`,
  noCompiler: '没有 C++ 编译器，而 TensorFlow 的绑定需要它：请安装 g++ 或 clang',
  notPackaged: '这个 Morphoscope 安装包不含原生后端：请使用含有它的安装包，或从源代码启动',
  noRoom: (needed, folder, free) => `TensorFlow 需要 ${needed} 空间，而 ${folder} 所在的磁盘只有 ${free}：请腾出空间，或在 MORPHOSCOPE_CACHE 中指定另一磁盘上的文件夹`,
  namedEmpty: (dir) =>
    `MORPHOSCOPE_TENSORFLOW 指定了 ${dir}，其中没有 libtensorflow_cc 和 libtensorflow_framework 及其 include 文件夹：请指定 TensorFlow 的文件夹，或不指定`,
  namedVersion: (version, oldest, newest) => `MORPHOSCOPE_TENSORFLOW 指定了 TensorFlow ${version}，而可用的是 ${oldest} 到 ${newest}：请另行指定，或不指定`,
  gotVersion: (version, oldest, newest) => `这是 TensorFlow ${version}，而可用的是 ${oldest} 到 ${newest}：请在 MORPHOSCOPE_TENSORFLOW 中另行指定，或不指定`,
  gotUnusable: (why) => `TensorFlow 已经取得，但在本机无法工作（${why.replace(/[。.]$/, '')}）`,

  diskFilled: (what) => `下载 ${what} 时磁盘已满：请腾出空间后重试`,
  indexNotReached: (what) => `pip 无法连接软件包索引，因而不能下载 ${what}：请检查网络（以及 pip 所用的代理）后重试`,
  notFetched: (what) => `pip 无法下载 ${what}：${lookAtIndex}`,
  notFetchedBecause: (what, complaint) => `pip 无法下载 ${what}（${complaint}）：${lookAtIndex}`,
  otherChecksum: (what) => `pip 下载的 ${what} 与其项目发布的不一致（校验和不同）：${lookAtIndex}，或稍后重试。`,
  notCompiled: (compiler) => `${compiler} 无法编译 TensorFlow 的绑定：${needsCompiler}`,
  notCompiledBecause: (compiler, complaint) => `${compiler} 无法编译 TensorFlow 的绑定（${complaint}）：${needsCompiler}`,
  notStarted: (program, detail) => `${program} 无法启动：${detail}。`,

  fileDamaged: (path) => `描述原生后端的 ${path} 已损坏：请重新安装`,
  fileChanged: (path) => `${path} 与安装原生后端时的不同：请重新安装`,
  notInstalled: '原生后端尚未安装；目前使用内置后端。',
  notLoaded: (detail) => `TensorFlow 无法加载：${detail}`,
  wrongProduct: 'TensorFlow 在本机算错了矩阵乘积。',
  gpuLibraries: (missing) => `${noGpu}以下库未能加载：${missing}。${lookAtDriver}`,
  gpuUnseen: `${noGpu}它的库都已加载，却没有列出任何 GPU。${lookAtDriver}`,

  beingInstalled: '原生后端正在安装：请等待它完成。',
  beingRemoved: '原生后端正在移除：请等待它完成。',
  cancelled: '安装已取消。',
};
