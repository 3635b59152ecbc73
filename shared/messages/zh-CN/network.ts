import type { Catalogue } from '../catalogue.js';

export const network: Catalogue['network'] = {
  title: '网络',
  layersOf: (f, parameters) => `${f.whole(parameters)} 个参数`,
  show: '各层',
  picture: (f, encoder, latent, decoder, parameters) =>
    `网络：编码器 ${f.whole(encoder)} 层，瓶颈 ${f.whole(latent)} 维，解码器 ${f.whole(decoder)} 层，共 ${f.whole(parameters)} 个参数`,
  scale: '高度：输出值的个数，对数刻度',
  layer: '层',
  output: '输出',
  parameters: '参数',
  all: '合计',
};
