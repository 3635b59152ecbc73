import type { Catalogue } from '../../catalogue.js';

export const measuring: Catalogue['said']['measuring'] = {
  onTraining: '没有留出图像：一切都是在训练图像上测量的。',
  noPosterior: '自编码器没有后验：因此没有 ELBO 和 KL，也没有与先验的任何比较。',
  noLikelihood: '灰度图像的交叉熵不是似然：没有每值比特数。',
  flat: '均值变化的方向少于维度数：总相关没有定义。',
  noNeighbourhoods: '图像不足 11 张：它们的邻域说明不了什么。',
  noDiscrepancy: '只有一张图像，无从谈与先验的差异。',
  classesNotHeldOut: '没有留出图像，因此无从判断潜向量能否分辨类别。',
  noClasses: '图像没有可供分辨的类别。',
  oneClass: '训练图像只有一个类别：没有可分辨的。',
  noneHasClass: '没有一张留出图像带有类别。',
};
