import type { Catalogue } from '../catalogue.js';

export const data: Catalogue['data'] = {
  title: '数据',
  strip: '部分图像',
  images: (f, used, all) => (used === all ? `${f.whole(used)} 张图像` : `${f.whole(all)} 张图像中的 ${f.whole(used)} 张`),
  skipped: (f, files) => `跳过 ${f.whole(files)} 个`,
  skippedTitle: (f, files) => `跳过了 ${f.whole(files)} 个文件`,
  facts: (f, format, bytes, heldOut) => `${format}，${f.bytes(bytes)}，留出 ${f.whole(heldOut)} 张`,
  classes: '类别：单独显示其一',
  classOf: (f, name, images) => `${name}，${f.whole(images)} 张图像`,
};
