import type { Catalogue } from '../../catalogue.js';

export const projects: Catalogue['said']['projects'] = {
  absent: (path) => `${path} 不存在。`,
  notAFolderOnTheWay: (path) => `路径 ${path} 中有一部分不是文件夹。`,
  folderNotFile: (path) => `${path} 是文件夹，不是文件。`,
  nameTooLong: (path) => `名称 ${path} 太长。`,
  noPermission: (path) => `没有权限使用 ${path}。`,
  readOnly: (path) => `${path} 所在的磁盘无法写入。`,
  diskFull: (path) => `磁盘已满：无法写入 ${path}。`,
  quotaUsed: (path) => `磁盘配额已用完：无法写入 ${path}。`,
  filesOpen: (path) => `打开的文件过多：无法打开 ${path}。`,
  unusable: (path, code) => `${path} 无法使用（${code}）。`,
  noFolder: (dir) => `文件夹 ${dir} 不存在。`,
  notAFolder: (path) => `${path} 不是文件夹。`,

  notJson: (path) => `${path} 已损坏：不是 JSON。`,
  newer: (path) => `${path} 由更新版本的 Morphoscope 写成。`,
  fieldWrong: (path, field) => `${path} 已损坏：${field} 的内容不对。`,
  wholeWrong: (path) => `${path} 已损坏：整体内容不对。`,
  line: (path) => `${path} 中有一行已损坏。`,
  lineNumber: (path, number) => `${path} 的第 ${number} 行已损坏。`,
  safetensors: (reason) => `safetensors 文件已损坏：${reason}。`,

  notEmpty: (path) => `${path} 不是空文件夹，也不是 Morphoscope 项目：请指定一个空的或新的文件夹。`,
  fileOnTheWay: (path) => `${path} 不能作为项目文件夹：路径上有同名的文件。`,
  noProject: (path) => `${path} 不是 Morphoscope 项目。`,
  noRunNorProject: (path) => `${path} 既不是运行也不是项目。`,
  noRun: (path) => `项目 ${path} 还没有运行：请先训练一次。`,
  noImages: (path) => `${path} 中没有图像。`,
  gone: (path) => `${path} 已经不在了。`,
  hasRuns: (path) => `${path} 已有运行，删除会丢失它们，因此予以保留。`,
  otherDataset: (path) => `${path} 已有另一个数据集：请为这个数据集选择新的文件夹。`,

  openElsewhere: (pid, since) => `项目已在别处打开（进程 ${pid}，自 ${since} 起）：请先在那里关闭。`,
  openOnHost: (pid, host, since, lock) => `项目已在别处打开（${host} 上的进程 ${pid}，自 ${since} 起）：请先在那里关闭；若并非如此，请删除 ${lock}。`,
  installingElsewhere: (pid, since) => `原生后端正在别处安装或移除（进程 ${pid}，自 ${since} 起）：请先在那里关闭。`,
  installingOnHost: (pid, host, since, lock) => `原生后端正在别处安装或移除（${host} 上的进程 ${pid}，自 ${since} 起）：请先在那里关闭；若并非如此，请删除 ${lock}。`,
};
