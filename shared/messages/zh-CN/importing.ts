import type { Catalogue } from '../catalogue.js';

export const importing: Catalogue['importing'] = {
  title: (name) => `正在读取 ${name}`,
  delivering: (f, files, bytes) => `已交给工作室 ${f.whole(files)} 个文件，${f.bytes(bytes)}`,
  listing: (f, files) => (files === 0 ? '正在查找图像' : `已找到 ${f.whole(files)} 个文件`),
  counts: {
    decoding: (f, done, total) => `已读取 ${f.whole(done)} / ${f.whole(total)}`,
    writing: (f, done, total) => `已写入 ${f.whole(done)} / ${f.whole(total)}`,
  },
  left: (duration) => `大约还需 ${duration}`,
  progress: '导入',
  cancel: '取消',
  kept: '您的文件只会被读取，不会被修改。',
  oneAtATime: '一次只能进行一个导入，前一个还没有完成。',
};
