import type { Catalogue } from '../catalogue.js';

export const units: Catalogue['units'] = {
  duration(f, seconds) {
    if (seconds < 10) return `${f.fixed(seconds, 1)} 秒`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${f.whole(whole)} 秒`;
    if (whole < 3600) return `${f.whole(Math.floor(whole / 60))} 分 ${f.whole(whole % 60)} 秒`;
    const minutes = Math.round(seconds / 60);
    return `${f.whole(Math.floor(minutes / 60))} 小时 ${f.whole(minutes % 60)} 分`;
  },
  roughly(f, seconds) {
    if (seconds < 50) return `${f.whole(Math.max(5, Math.ceil(seconds / 5) * 5))} 秒`;
    const minutes = Math.max(1, Math.round(seconds / 60));
    if (minutes < 90) return `${f.whole(minutes)} 分钟`;
    const hours = Math.round(minutes / 30) / 2;
    return `${f.fixed(hours, Number.isInteger(hours) ? 0 : 1)} 小时`;
  },
  grey: '灰度',
  rgb: 'RGB 彩色',
  imageFormat: (f, width, height, colour) => `${f.whole(width)} \u00d7 ${f.whole(height)} ${colour}`,
};
