import type { en } from './en/index.js';

/**
 * The texts of the window and of the application menu. A text is a string, or a function of what it says; functions take a `Format`
 * first when they write numbers. A language that misses one does not compile; a test finds those that nobody uses.
 */
export type Catalogue = typeof en;
