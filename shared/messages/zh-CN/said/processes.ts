import type { Catalogue } from '../../catalogue.js';

const threads = { measures: '测量', 'lays out the cloud': '排布点云' };

export const processes: Catalogue['said']['processes'] = {
  notStarted: (name, detail) => `进程 ${name} 无法启动：${detail}`,
  notReadyInTime: '未能及时就绪',
  notStoppedInTime: '未能及时停止',
  ended: (name) => `进程 ${name} 已结束。`,
  signal: (name, signal) => `进程 ${name} 被信号 ${signal} 终止。`,
  signalAfter: (name, signal, complaint) => `进程 ${name} 被信号 ${signal} 终止：${complaint}。`,
  status: (name, status) => `进程 ${name} 以状态 ${status} 结束。`,
  statusAfter: (name, status, complaint) => `进程 ${name} 以状态 ${status} 结束：${complaint}。`,
  gone: (name) => `${name} 已结束。`,
  missing: (path) => `缺少 ${path}：请先构建程序。`,
  notJoined: (a, b, detail) => `无法连接 ${a} 与 ${b}：${detail}`,
  notReached: (name, detail) => `无法连接 ${name}：${detail}`,
  restarting: (how) => `${how}正在重新启动。`,
  givenUp: (times, how) => `工作室进程结束了 ${times} 次，不再重新启动。${how}`,
  studioClosed: '工作室已关闭。',
  studioEnded: (call) => `工作室进程在答复之前就结束了（${call}）。`,
  threadEnded: (what, how) => `负责${threads[what]}的线程已结束：${how}。`,
  arguments: (call, taken, given) => `${call} 需要 ${taken} 个参数，而不是 ${given} 个。`,
  argument: (path, call, issue) => `${call} 的参数 ${path} 有误：${issue}。`,

  closed: '本端关闭了连接。',
  otherSideGone: '另一端关闭了连接，或已结束。',
  oversize: (bytes) => `另一端发来的消息超过 ${bytes} 字节。`,
  garbage: (detail) => `另一端发来的内容不是消息：${detail}`,
  broken: (detail) => `连接失败：${detail}`,

  dropTooLarge: (bytes, most) => `${bytes} 字节超过了一次可接收的 ${most} 字节。`,
  noDrop: '没有这次拖放。',
  dropTakenBack: '这次拖放已撤回。',
  notSentFurther: '图像没有继续发送。',
  noFolderInBrowser: '浏览器无法按文件夹打开项目：请从最近的项目中打开。',
  connectionLost: '发送图像时与工作室的连接中断。',
  fileUnreadable: (detail) => `有一个文件无法读取：${detail}`,
};
