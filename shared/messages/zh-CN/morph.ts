import type { Catalogue } from '../catalogue.js';

export const morph: Catalogue['morph'] = {
  title: '渐变',
  play: '来回播放（空格）',
  pause: '暂停（空格）',
  swap: '交换 A 与 B（X）',
  path: '路径',
  lerp: '直线',
  slerp: '弧线',
  lerpHint: '等步长的直线（1）',
  slerpHint: '等角度的弧线：与原点保持先验所期望的距离（2）',
  frames: '帧数',
  needsBoth: '请先设置 A 和 B。',
  needsOne: '请先设置 A 或 B。',
  needsWeights: '运行还没有权重。',
  howTo: '两张图像 A 与 B，以及模型在它们之间所见的一切。',
  howToSet: '把图像（也可以是生成的）拖到 A、B 处，在那里搜索，或选中一张图像后按 A 或 B。',
  missing: (end) => `请再设置 ${end}：把图像拖到该处、搜索，或选中一张图像后按 ${end}。`,
  waiting: '运行产生第一份权重后即可渐变。',
  pair: '随机两张图像',
  pairOfClasses: '随机两张不同类别的图像',
  setA: '设为渐变的 A 端',
  setB: '设为渐变的 B 端',
  setEnd: (end) => `为 ${end} 搜索图像`,
  changeEnd: (end, text) => `${end}：${text}。搜索其他图像`,
  removeEnd: (end) => `移除 ${end}`,
  dropHere: '拖入或搜索',
  search: (end) => `${end} 的图像`,
  searchHint: '编号、名称或类别',
  nothingFound: '没有图像符合此编号、名称或类别。',
  item: (f, item) => `图像 ${f.whole(item)}`,
  origins: {
    generated: (f, number) => `图像 ${f.whole(number)}`,
    centroid: (of) => of,
    edited: (f, item) => `图像 ${f.whole(item)}`,
    place: '一处',
  },
  kinds: { generated: '生成', centroid: '类别中心', edited: '已编辑', place: '点云中' },
  near: (f, radius) => `${f.fixed(radius, radius < 1 ? 2 : 1)} 以内的训练图像`,
  nearHint: '在潜空间中，一张典型训练图像的这一距离内约有十张其他图像。',
  thin: (f, frames, all) =>
    frames.length === all
      ? '各帧附近的训练图像都很少'
      : frames.length > 4
        ? `${f.whole(all)} 帧中有 ${f.whole(frames.length)} 帧附近的训练图像很少`
        : `第 ${f.list(frames.map((frame) => f.whole(frame)))} 帧附近的训练图像很少`,
  slider: '从 A 到 B 的位置',
  place: (f, t, near) => `${f.fixed(t, 2)}，附近有 ${f.whole(near)} 张训练图像`,
  decoded: (f, t) => `从 A 到 B 的 ${f.fixed(t, 2)} 处的解码图像`,
  frame: (f, frame, near) => `转到第 ${f.whole(frame)} 帧，附近有 ${f.whole(near)} 张训练图像`,
};
