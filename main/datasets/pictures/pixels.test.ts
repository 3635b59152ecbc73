import { expect, test } from 'vitest';
import { chooseSize, hasColour, withChannels } from './pixels.js';

test('grey becomes RGB and comes back exactly', () => {
  const grey = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(withChannels(withChannels(grey, 1, 3), 3, 1)).toEqual(grey);
});

test('green is brighter than red, red brighter than blue', () => {
  expect([...withChannels(Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255]), 3, 1)]).toEqual([77, 149, 29]);
});

test('the traces that JPEG leaves in grey are no colour, a tint is', () => {
  expect(hasColour(Uint8Array.from([100, 103, 108, 0, 5, 9]))).toBe(false);
  expect(hasColour(Uint8Array.from([100, 100, 100, 112, 100, 90]))).toBe(true);
});

test('auto size follows the median short side', () => {
  expect(chooseSize([28, 28, 28])).toBe(28);
  expect(chooseSize([16, 20, 500])).toBe(32);
  expect(chooseSize([40])).toBe(32);
  expect(chooseSize([41])).toBe(64);
  expect(chooseSize([28, 3000, 4000])).toBe(64);
});
