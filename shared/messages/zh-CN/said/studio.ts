import type { Catalogue } from '../../catalogue.js';
import { native } from '../native.js';

const lessonStates = { idle: '尚未开始', preparing: '正在准备', running: '正在进行', paused: '已暂停', finished: '已完成', stopped: '已停止', failed: '已失败' };
const lessonActions = { started: '开始', paused: '暂停', continued: '继续' };

export const studio: Catalogue['said']['studio'] = {
  noItem: (last, item) => `数据集的图像编号为 0 到 ${last}，没有 ${item} 号。`,
  noItemCalled: (name) => `没有名为“${name}”的文件，数据集中也没有这样的图像。`,
  latentLength: (latent, length) => `这个运行的潜向量有 ${latent} 个数，不能是 ${length} 个。`,
  latentNotFinite: '潜向量必须由有限的数组成。',
  morphSteps: (most, steps) => `渐变有 2 到 ${most} 步，不能是 ${steps} 步。`,

  noPrior: '自编码器没有可供抽样的先验：请改为在两个类别之间抽样。',
  noClasses: (name) => `没有类别为“${name}”的训练图像：这个运行的图像没有类别。`,
  noClass: (name, known) => `没有类别为“${name}”的训练图像：现有的类别是 ${known}。`,
  codesNotFinite: '这个运行的编码器给出的数不是有限的：没有可测量的内容。',
  components: (images, values, most, components) => `${images} 张训练图像，每张 ${values} 个值，最多有 ${most} 个主成分，不能是 ${components} 个。`,

  lessonRefused: (state, what) => `课程${lessonStates[state]}，现在不能${lessonActions[what]}。`,
  lessonEnded: '课程已结束。',
  noLesson: '没有正在进行的课程。',
  stopRunFirst: '有运行正在进行：请先停止它。',
  lessonMemory: '内存不足以同时容纳三个这样的模型：请以更小的尺寸导入图像。',

  executorMissing: (executor, why) => `没有执行器 ${native.executors[executor]}：${why}执行器 ONNX Runtime 始终可用。`,
  nativeInUse: '正在进行的运行使用原生后端：请先停止它。',
};
