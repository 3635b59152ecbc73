import type { Catalogue } from '../../catalogue.js';
import { advanced } from '../advanced.js';

const { objectives } = advanced;

export const settings: Catalogue['said']['settings'] = {
  beta: (beta) => `Beta 必须是 0 到十亿的数，不能是 ${beta}。`,
  rate: (rate) => `学习率必须是大于 0 的数，不能是 ${rate}。`,
  otherFormat: (model, dataset) => `模型适用于 ${model} 的图像，而数据集是 ${dataset}。`,
  nothingToTrainOn: '数据集中没有可用于训练的图像。',
  epochs: (most, epochs) => `轮数必须是 1 到 ${most} 的整数，不能是 ${epochs}。`,
  batch: (most, batch) => `批量必须是 1 到 ${most} 的整数，不能是 ${batch}。`,
  seed: (seed) => `随机种子必须是 0 到 4294967295 的整数，不能是 ${seed}。`,
  clipNorm: (norm) => `梯度裁剪的范数必须是大于 0 的数，不能是 ${norm}。`,
  patience: (patience) => `提前停止的轮数必须是不小于 1 的整数，不能是 ${patience}。`,
  patienceWithoutHeldOut: '没有留出图像，因此无从判断何时提前停止：请关闭提前停止，或导入 20 张以上的图像。',
  rises: 'Beta 要么上升一次，要么周期上升，要么配合逐渐上升的容量：只能选择其一。',

  noiseMissing: '去噪自编码器需要有噪声可去：请指定噪声，或把目标改为自编码器。',
  noiseForeign: (objective) => `噪声是供去噪自编码器去除的：请把目标改为去噪自编码器，或为${objectives[objective]}去掉噪声。`,
  noiseSigma: (sigma) => `噪声的标准差必须大于 0（以黑到白的范围为 1），不能是 ${sigma}。`,
  noiseShare: (p) => `噪声的概率必须大于 0 且不超过 1，不能是 ${p}。`,
  sigma: (least, most, sigma) => `似然的 σ 必须在 ${least} 到 ${most} 之间（以黑到白的范围为 1），不能是 ${sigma}；也可以选择由训练得出 σ。`,
  freeBits: (nats) => `免费比特必须是不小于 0 的数，不能是 ${nats}。`,
  noKl: (objective) => `${objectives[objective]}没有 KL 项：请把目标改为变分自编码器，或让 beta 保持为 1，并去掉它的变化方式、容量和免费比特。`,
  capacity: (most, nats) => `容量必须是大于 0 且不超过 ${most} 的奈特数，不能是 ${nats}。`,
  capacityAndFreeBits: '容量已经规定了多少 KL 没有代价：请去掉免费比特，或去掉容量。',
  rise: (steps) => `上升所用的步数必须是不小于 1 的整数，不能是 ${steps}。`,

  kerasFormat: (size) => `Keras 卷积自编码器适用于 28 × 28 的灰度图像，不适用于 ${size}：请按此导入，或选择卷积网络。`,
  kerasShape: (latent) => `Keras 卷积自编码器的结构与发表时一致：${latent} 个潜变量，没有隐藏层，使用 ReLU。要自行调整，请选择卷积网络。`,
  kerasObjective: 'Keras 卷积自编码器没有对数方差：请把目标改为自编码器或去噪自编码器，或选择卷积网络。',
  latent: (least, most, latent) => `潜空间必须有 ${least} 到 ${most} 维，不能是 ${latent} 维。`,
  latentOverImage: (latent, size, values) => `${latent} 维的潜空间比 ${size} 的图像还大，图像只有 ${values} 个值。`,
  width: (widths) => `隐藏层宽度必须是不小于 1 的整数，不能是 ${widths}。`,
  hiddenLayers: (most, layers) => `模型最多有 ${most} 个隐藏层，不能是 ${layers} 个。`,
  convSquare: (sides, size) => `卷积网络需要边长为 ${sides.replaceAll(', ', '、')} 像素的正方形图像，不能是 ${size}；全连接网络适用于任何尺寸。`,
  convHidden: (layers) => `卷积网络只有一个隐藏层，不能是 ${layers} 个。`,
  parameters: (size, parameters, most, f) =>
    `用于 ${size} 图像的这个模型会有 ${f.whole(parameters / 1e4)} 万个参数，超过 ${f.whole(most / 1e4)} 万：请使用更窄的隐藏层或更小的图像。`,
};
