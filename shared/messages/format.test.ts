import { expect, test } from 'vitest';
import { Format } from './format.js';

const f = new Format('en');

test('minus signs are true ones, and what rounds to zero has none', () => {
  expect(f.fixed(-1.714, 2)).toBe('\u22121.71');
  expect(f.fixed(-0.004, 2)).toBe('0.00');
  expect(f.signed(-0.004, 2)).toBe('+0.00');
  expect(f.signed(-0.6, 1)).toBe('\u22120.6');
  expect(f.signed(0.5, 1)).toBe('+0.5');
});
