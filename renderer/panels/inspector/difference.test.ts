import { expect, test } from 'vitest';
import { differenceOf, paintDiverging, squaredError } from './difference.js';

const stops = [[0, 0, 255], [10, 10, 10], [255, 0, 0]] as const;

test('an image does not differ from itself and is painted in the middle colour', () => {
  const image = Uint8Array.of(0, 128, 255);
  const { values, least, most } = differenceOf(image, image, 1);
  expect([...values, least, most]).toEqual([0, 0, 0, 0, 0]);
  expect([...paintDiverging(values, stops).slice(0, 4)]).toEqual([10, 10, 10, 255]);
});

test('the squared error of black against white is one, of an image against itself nothing', () => {
  expect(squaredError(Uint8Array.of(0, 255), Uint8Array.of(255, 0))).toBe(1);
  expect(squaredError(Uint8Array.of(0, 7), Uint8Array.of(0, 7))).toBe(0);
});

test('differences are signed parts of the whole range, in colour images the mean over channels', () => {
  expect(differenceOf(Uint8Array.of(0, 255), Uint8Array.of(255, 0), 1)).toEqual({ values: Float32Array.of(1, -1), least: -1, most: 1 });
  expect(differenceOf(Uint8Array.of(0, 0, 0), Uint8Array.of(255, 0, 0), 3).most).toBeCloseTo(1 / 3, 6);
});

test('darker is painted in the first colour, brighter in the last, and from half of the range on fully', () => {
  const painted = paintDiverging(Float32Array.of(-1, -0.5, 0.25, 0.5, 1), stops);
  const colours = Array.from({ length: 5 }, (_, i) => [...painted.slice(i * 4, i * 4 + 3)]);
  expect(colours).toEqual([[0, 0, 255], [0, 0, 255], [132, 5, 5], [255, 0, 0], [255, 0, 0]]);
});
