import type { Catalogue } from '../catalogue.js';

export const native: Catalogue['native'] = {
  title: '原生后端',
  lead: 'TensorFlow 用一次原生调用完成整个训练步。没有它时由内置的 ONNX Runtime 训练：其余一切不变，运行可以在两者之间转移。',
  looking: '正在查看本机的情况。',

  executors: { onnx: 'ONNX Runtime', webgpu: 'WebGPU', tensorflow: 'TensorFlow', eager: '纯 JavaScript' },
  figure: (f, name, stepMs) => `${name}，每步 ${f.fixed(stepMs, 1)} 毫秒`,
  figures: (f, figures) => figures.map(([name, stepMs], i) => `${name} ${i === 0 ? '每步 ' : ''}${f.fixed(stepMs, 1)}${i === 0 ? ' 毫秒' : ''}`).join(' \u00b7 '),

  version: '版本',
  from: '来源',
  fetch: '需要下载',
  disk: '占用磁盘',
  devices: '设备',
  folder: '文件夹',
  versions: {
    cpu: (version) => `${version}，用于处理器`,
    cuda: (version) => `${version}，带 CUDA，用于 NVIDIA GPU`,
  },
  sources: {
    folder: 'MORPHOSCOPE_TENSORFLOW 指定的文件夹',
    python: '本机的 Python',
    wheel: 'Python 软件包索引（通过 pip）',
  },
  nothingToFetch: '无需下载：已在本机',

  install: '安装',
  lookAgain: '重新查看',
  cancel: '取消',
  cancelling: '安装正在结束。',
  phases: {
    looking: '正在寻找 TensorFlow',
    downloading: '正在下载 TensorFlow',
    unpacking: '正在解压库文件',
    compiling: '正在编译绑定',
    proving: '正在用一次矩阵乘法验证',
  },
  starting: '正在开始',
  progress: '这一部分的进度',
  doneOf: (f, done, total) => `${f.bytes(done)}，共 ${f.bytes(total)}`,
  left: (duration) => `剩余 ${duration}`,
  goesOn: '可以关闭此窗口，安装会继续进行。',
  spokenPhase: (phase) => `${phase}。`,
  spokenPart: (f, phase, part) => `${phase}，${f.percent(part)}。`,
  spokenInstalled: '原生后端已安装。',

  brokeOff: '安装未完成就结束了。已下载的内容会保留，供下次使用。',
  remove: '移除',
  keep: '保留',
  reallyRemove: (f, bytes) => `要移除吗？将释放 ${f.bytes(bytes)} 磁盘空间。运行会改用 ONNX Runtime 继续，之后随时可以重新安装。`,
  inUse: '正在进行的运行在使用它：请先停止该运行。',
  removing: '正在移除。',

  measured: '在本机测得',
  model: '模型',
  measuredOn: '日期',
  fastest: '每步毫秒数，最快的在前',
  named: (f, name, stepMs) => `${name} ${f.fixed(stepMs, 1)}`,
  notRun: (name) => `${name} 无法运行它`,

  executor: '执行器',
  notInstalled: '尚未安装：可通过“运行”菜单中的“原生后端”安装。',
  auto: '自动',
  autoAs: (name) => `自动：${name}`,
  offer: (f, downloadBytes, diskBytes) =>
    downloadBytes > 0
      ? `TensorFlow 可在本机原生训练：需下载 ${f.bytes(downloadBytes)}，占用磁盘 ${f.bytes(diskBytes)}。`
      : `本机已有的 TensorFlow 可用于原生训练：无需下载，占用磁盘 ${f.bytes(diskBytes)}。`,
  show: '查看',
  notNow: '暂时不要',
  installing: '正在安装 TensorFlow',
  installingAt: (f, phase, part) => `${phase}，${f.percent(part)}`,

  fellBack: (reason, name) => `${reason}由 ${name} 从同一状态继续。`,
  useBatch: (f, batch) => `批量改为 ${f.whole(batch)}`,
  trainAgain: (f, batch) => `以批量 ${f.whole(batch)} 重新训练`,
};
