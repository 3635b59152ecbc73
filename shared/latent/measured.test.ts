import { expect, test } from 'vitest';
import { baselineImage } from './baselineImage.js';
import { typicalityWord } from './typicality.js';

test('an image of principal components is the mean and their sum, within black and white', () => {
  const baseline = { mean: Float32Array.of(0.5, 0.5, 0), axes: Float32Array.of(1, 0, 0, 0, 0.6, 0.8) };
  expect([...baselineImage(baseline, Float32Array.of(0, 0))]).toEqual([128, 128, 0]);
  expect([...baselineImage(baseline, Float32Array.of(-0.3, 0.5))]).toEqual([51, 204, 102]);
  expect([...baselineImage(baseline, Float32Array.of(9, -9))]).toEqual([255, 0, 0]);
});

test('one in a hundred lies outside, one in ten at the edge or further', () => {
  const places = Array.from({ length: 1000 }, (_, i) => typicalityWord(i / 1000));
  expect(places.filter((place) => place === 'outside')).toHaveLength(10);
  expect(places.filter((place) => place === 'edge')).toHaveLength(90);
});
