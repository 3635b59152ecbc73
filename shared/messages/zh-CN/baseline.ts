import type { Catalogue } from '../catalogue.js';

export const baseline: Catalogue['baseline'] = {
  view: '点云显示谁的潜向量',
  views: { model: '模型', pca: 'PCA' },
  viewHints: { model: '模型的潜向量', pca: '同样数目的像素主成分：线性自编码器所能达到的最好结果' },
  title: (f, components) => `像素 PCA，${f.whole(components)} 个主成分`,
  explained: (f, axes, part) => `主成分 ${axes > 1 ? `1 至 ${f.whole(axes)}` : '1'} 保留 ${f.percent(part)} 的方差`,
  axis: (f, axis) => `主成分 ${f.whole(axis)}`,
  hint: '只用像素，不用模型：拖动旋转，滚轮缩放。空白处的解码和渐变在模型的点云中进行',
  fit: '拟合主成分（PCA）',
  fitting: '正在拟合主成分',
  section: '与 PCA 对比',
  sectionHint: (f, components) => `${f.whole(components)} 个主成分`,
  howTo: '同样数目的像素主成分会把这张图像重建成什么样？主成分只需对全部训练图像拟合一次。',
  model: '模型',
  pca: 'PCA 重建',
  error: (f, mse) => `误差 ${f.fixed(mse, 4)}`,
  errorHint: '[0, 1] 内像素的均方误差',
};
