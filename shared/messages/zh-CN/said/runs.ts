import type { Catalogue } from '../../catalogue.js';
import { native } from '../native.js';

const { executors } = native;
const states = { idle: '尚未开始', preparing: '正在准备', running: '正在进行', paused: '已暂停', stopping: '正在停止', stopped: '已停止', finished: '已完成', failed: '已失败' };
const actions = { started: '启动', measured: '测量', paused: '暂停', resumed: '继续', stepped: '单步执行', stopped: '停止', changed: '更改' };

export const runs: Catalogue['said']['runs'] = {
  executorFailed: (executor, how) => `执行器 ${executors[executor]} 出错：${how}。`,
  executorCannot: (executor, why) => `执行器 ${executors[executor]} 无法运行这个模型：${why}`,
  fault: (how) => `程序故障使训练中断：${how}`,
  noMemory: '即使每步只用一张图像，内存也不足以训练这个模型：请选择更小的模型。',
  noMemoryFor: (batch, smaller) => `内存不足以每步处理 ${batch} 张图像：请尝试批量 ${smaller}。`,
  readerFailed: (how) => `读取图像的线程出错：${how}。`,
  readerEnded: '读取图像的线程已结束。',
  neverFinite: '梯度不再是有限的数，从头开始也是如此：请用更小的学习率或另一种似然重新开始。',

  skipped: (step, f) => `第 ${f.whole(step)} 步的更新被跳过：它的梯度不是有限的数。如果持续如此，减小学习率会有帮助。`,
  wentBack: (step, to, rate, f) =>
    `直到第 ${f.whole(step)} 步，连续许多步的梯度都不是有限的数：训练从${to === 0 ? '初始权重' : `第 ${f.whole(to)} 步的权重`}继续，学习率减半为 ${f.significant(rate)}。`,
  endedEarly: (epoch) => `训练提前结束：自第 ${epoch} 轮起，留出图像上再没有变好；现在的权重就是那一轮的。`,
  byHeart: (epoch) => `模型在死记硬背训练图像：自第 ${epoch} 轮起，留出图像变差而训练图像仍在变好。更多图像、更少轮数或更大的 beta 会有帮助。`,
  bestUnusable: (epoch, why) => `到目前为止最好的第 ${epoch} 轮的权重无法使用，将重新寻找最好的一轮：${why}`,
  noneHeldOut: '没有留出图像，因此看不出过拟合。',

  trainerTaken: '这个训练进程已有任务：一个进程只做一件事。',
  refused: (state, what) => `运行${states[state]}，现在不能${actions[what]}。`,
  measurementCancelled: '测量已取消。',
  predictionCancelled: '预测已取消。',
  measuringBeside: '有运行正在进行：同时测量的结果没有意义。',
  noRun: '没有正在进行的运行。',
  runGoesOn: '已有运行正在进行：请先停止它。',
  both: (first, second) => `${first}${second}`,
  checkpointKept: (how, step, f) => `${how}第 ${f.whole(step)} 步的检查点已保留。`,

  exists: (dir) => `${dir} 中已有运行：请恢复它，或在另一个文件夹中开始新的运行。`,
  keepsSettings: (setting) => `恢复的运行保持原有设置：${setting} 不能更改。`,
  over: (epoch) => `这次运行在第 ${epoch} 轮之后已经结束：要继续，请指定更多的轮数。`,
  noCheckpoint: (dir) => `${dir} 中的运行还没有检查点。`,
  checkpointUnusable: (path, reason) => `检查点 ${path} 无法使用：${reason}`,
  noUsableCheckpoint: (dir, first) => `${dir} 中没有可用的检查点。${first}`,
  checkpointMetadata: '它的元数据不是检查点的元数据。',
  tried: '它已经试过了。',
  linesMissing: (counted, there) => `它记有 ${counted} 行指标，实际有 ${there} 行。`,
  otherDataset: '它属于图像数不同的数据集。',
  sumsDamaged: '它对这一轮的累计值已损坏。',
  tensorMissing: (name) => `它缺少张量 ${name}。`,
  tensorShape: (name, shape, own) => `它的张量 ${name} 形状为 [${shape}]，而模型的是 [${own}]。`,
  tensorForeign: (name) => `它有张量 ${name}，而模型没有。`,
};
