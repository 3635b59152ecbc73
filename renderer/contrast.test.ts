import { expect, test } from 'vitest';
import { contrast, faded, fogLimit, leastContrast } from './scene/fog.js';
import { parseHex, type Rgb } from './scene/palette.js';
import css from './theme/tokens.css?raw';

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
