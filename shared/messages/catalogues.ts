import type { Catalogue } from './catalogue.js';
import { en } from './en/index.js';
import type { Locale } from './locale.js';
import { zhCN } from './zh-CN/index.js';

/** Every language's texts. */
export const catalogues: Readonly<Record<Locale, Catalogue>> = { en, 'zh-CN': zhCN };
