import type { FailureCode } from '../../failure.js';

export const failures: Record<FailureCode, string> = {
  usage: '无法这样做',
  'not-found': '找不到',
  'bad-data': '数据无法使用',
  cancelled: '已取消',
  busy: '正忙',
  resources: '系统资源不足',
  crashed: '进程已意外结束',
};
