import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, faded, fogLimit, leastContrast } from './fog.js';
import { parseHex, parseMs, type Rgb } from './palette.js';

const css = readFileSync(new URL('../theme/tokens.css', import.meta.url), 'utf8');

/** Values of a token in the order of the themes: dark, light. */
function tokens(name: string): Rgb[] {
  return [...css.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6})`, 'g'))].map(([, hex]) => parseHex(hex!));
}

test('the farthest point of every class stands out from the canvas by 3 to 1 in both themes', () => {
  const canvases = tokens('bg-canvas');
  expect(canvases.length).toBe(2);
  for (const name of [...Array.from({ length: 10 }, (_, i) => `class-${i}`), 'class-none']) {
    for (const [theme, colour] of tokens(name).entries()) {
      const canvas = canvases[theme]!;
      const limit = fogLimit(colour, canvas);
      expect(contrast(faded(colour, canvas, limit), canvas), `${name}, theme ${theme}`).toBeGreaterThanOrEqual(leastContrast);
      // And the fog goes as far as it may.
      if (limit < 0.5) expect(contrast(faded(colour, canvas, limit + 0.001), canvas)).toBeLessThan(leastContrast);
    }
  }
});

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
