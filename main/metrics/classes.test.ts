import { expect, test } from 'vitest';
import type { LabelledMeans } from './LabelledMeans.js';
import { neighbourAccuracy } from './neighbourAccuracy.js';
import { probeAccuracy } from './probeAccuracy.js';
import { normals } from './testing/normals.js';

/** Three classes in two dimensions around places on a circle of that radius; nothing but noise at radius 0. */
function circle(count: number, radius: number, seed: number): LabelledMeans {
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const means = normals(count * 2, seed).map((value, i) => {
    const angle = (2 * Math.PI * labels[i >> 1]!) / 3;
    return value + radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  return { latent: 2, means, labels };
}

test('classes that lie apart are told apart, and classes that do not are guessed', () => {
  for (const accuracy of [neighbourAccuracy, probeAccuracy]) {
    expect(accuracy(circle(300, 9, 1), circle(300, 9, 2))).toBe(1);
    expect(Math.abs(accuracy(circle(300, 0, 1), circle(300, 0, 2)) - 1 / 3)).toBeLessThan(0.1);
  }
});

test('a ring around a blob is plain to neighbours and not to a linear map', () => {
  const ring = (seed: number): LabelledMeans => {
    const labels = Int32Array.from({ length: 400 }, (_, i) => i % 2);
    const means = normals(800, seed).map((value) => 0.3 * value);
    for (const [row, label] of labels.entries()) {
      means[2 * row]! += label * 3 * Math.cos(row);
      means[2 * row + 1]! += label * 3 * Math.sin(row);
    }
    return { latent: 2, means, labels };
  };
  expect(neighbourAccuracy(ring(1), ring(2))).toBe(1);
  expect(probeAccuracy(ring(1), ring(2))).toBeLessThan(0.85);
});

test('the probe comes to the boundary where the densities of the classes cross, each with its frequency', () => {
  // One class around -1, four times as many of another around 1: they cross at -ln(4) / 2, and the part that lies on its side is .8878.
  const of = (seed: number): LabelledMeans => {
    const labels = Int32Array.from({ length: 5000 }, (_, i) => (i % 5 === 0 ? 0 : 1));
    return { latent: 1, means: normals(5000, seed).map((value, i) => value + 2 * labels[i]! - 1), labels };
  };
  expect(Math.abs(probeAccuracy(of(1), of(2)) - 0.8878)).toBeLessThan(0.015);
});

test('scale and offset of a dimension change nothing for the probe, and one that does not vary does no harm', () => {
  const [known, tested] = [circle(300, 2, 3), circle(300, 2, 4)];
  const moved = ({ means, labels }: LabelledMeans): LabelledMeans => ({
    latent: 3,
    labels,
    means: Float32Array.from({ length: 900 }, (_, i) => (i % 3 === 2 ? 7 : 1000 * means[2 * Math.floor(i / 3) + (i % 3)]! + 50)),
  });
  expect(probeAccuracy(moved(known), moved(tested))).toBeCloseTo(probeAccuracy(known, tested), 2);
});

test('fewer than five neighbours vote, and the nearer class wins a tie', () => {
  const known: LabelledMeans = { latent: 1, means: Float32Array.of(0, 1), labels: Int32Array.of(4, 2) };
  expect(neighbourAccuracy(known, { latent: 1, means: Float32Array.of(0.4, 0.6), labels: Int32Array.of(4, 2) })).toBe(1);
});
