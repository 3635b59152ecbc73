import { expect, test } from 'vitest';
import { contrast, fogLimit } from './fog.js';
import { parseHex, parseMs } from './palette.js';

test('a colour that is too faint already does not fade', () => {
  expect(fogLimit([0.1, 0.1, 0.1], [0.08, 0.08, 0.08])).toBe(0);
});

test('contrast is that of WCAG: 21 between black and white, the same both ways', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21);
  expect(contrast([0.2, 0.4, 0.6], [1, 1, 1])).toBe(contrast([1, 1, 1], [0.2, 0.4, 0.6]));
});

test('tokens are read as they are written, also when a build has shortened them', () => {
  expect(parseHex(' #ff8000')).toEqual([1, 128 / 255, 0]);
  expect(parseHex('#fff')).toEqual([1, 1, 1]);
  expect(() => parseHex('red')).toThrow(RangeError);
  expect(() => parseHex('')).toThrow(RangeError);
  expect(parseMs('500ms')).toBe(500);
  expect(parseMs(' .4s')).toBe(400);
  expect(() => parseMs('')).toThrow(RangeError);
});
