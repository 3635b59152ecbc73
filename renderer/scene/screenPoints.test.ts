import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { expect, test } from 'vitest';
import { randomKey, randomUniform } from '../../shared/random.js';
import { declutter, pointAt, pointTowards, projectPoints } from './screenPoints.js';

const width = 800;
const height = 500;

/** Points on the screen: x, y and distance. */
function scatter(count: number, seed: number): Float32Array {
  const key = randomKey(seed);
  const screen = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) screen.set([randomUniform(key, i * 3) * width, randomUniform(key, i * 3 + 1) * height, 1 + randomUniform(key, i * 3 + 2)], i * 3);
  return screen;
}
const screens = fc.record({ count: fc.integer({ min: 1, max: 400 }), seed: fc.nat() });

test('points are projected as the camera projects them, between the two ends of their movement', () => {
  const camera = new PerspectiveCamera(36, width / height, 0.01, 200);
  camera.position.set(1, 2, 5);
  camera.lookAt(0, 0.5, 0);
  camera.updateMatrixWorld();
  const matrix = camera.projectionMatrix.clone().multiply(camera.matrixWorldInverse).elements;
  const from = Float32Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0);
  const to = Float32Array.of(1, 0, 0, 1, 2, -1, 0, 0, 0);
  const screen = new Float32Array(9);
  projectPoints({ from, to, t: 0.25, shown: Uint8Array.of(1, 1, 0), count: 3, matrix, width, height }, screen);
  for (const item of [0, 1]) {
    const place = new Vector3().fromArray(from, item * 3).lerp(new Vector3().fromArray(to, item * 3), 0.25);
    const depth = -place.clone().applyMatrix4(camera.matrixWorldInverse).z;
    place.project(camera);
    expect(screen[item * 3]).toBeCloseTo(((place.x + 1) / 2) * width, 3);
    expect(screen[item * 3 + 1]).toBeCloseTo(((1 - place.y) / 2) * height, 3);
    expect(screen[item * 3 + 2]).toBeCloseTo(depth, 4);
  }
  expect(screen[8]).toBe(Infinity);
});

test('what lies behind the camera cannot be found', () => {
  const camera = new PerspectiveCamera(36, 1, 0.01, 200);
  camera.updateMatrixWorld();
  const screen = new Float32Array(3);
  const behind = Float32Array.of(0, 0, 5);
  projectPoints({ from: behind, to: behind, t: 1, shown: Uint8Array.of(1), count: 1, matrix: camera.projectionMatrix.elements, width, height }, screen);
  expect(screen[2]).toBe(Infinity);
  expect(pointAt(screen, 1, width / 2, height / 2, 1e6, () => 1)).toBe(-1);
});

test('of the discs under the pointer the foremost is meant, else the nearest point within reach', () => {
  const screen = Float32Array.of(100, 100, 3, 102, 100, 2, 106, 100, 1);
  const radius = (): number => 3;
  expect(pointAt(screen, 3, 100, 100, 8, radius)).toBe(1);
  expect(pointAt(screen, 3, 95, 100, 8, radius)).toBe(0);
  expect(pointAt(screen, 3, 111, 100, 8, radius)).toBe(2);
  expect(pointAt(screen, 3, 120, 100, 8, radius)).toBe(-1);
});

test('an arrow leads to a point in its direction, and the opposite arrow is never closed on the way back', () => {
  fc.assert(
    fc.property(screens, fc.constantFrom([1, 0], [-1, 0], [0, 1], [0, -1]), ({ count, seed }, [dx, dy]) => {
      const screen = scatter(count, seed);
      const [x, y] = [screen[0]!, screen[1]!];
      const found = pointTowards(screen, count, x, y, dx!, dy!, 0);
      if (found < 0) return;
      const [toX, toY] = [screen[found * 3]! - x, screen[found * 3 + 1]! - y];
      const along = toX * dx! + toY * dy!;
      expect(along).toBeGreaterThan(0);
      expect(Math.abs(toX * dy! - toY * dx!)).toBeLessThanOrEqual(along);
      expect(pointTowards(screen, count, screen[found * 3]!, screen[found * 3 + 1]!, -dx!, -dy!, found)).toBeGreaterThanOrEqual(0);
    }),
    { seed: 1 },
  );
});

test('an arrow prefers the point straight ahead to a nearer one at the side', () => {
  const screen = Float32Array.of(0, 0, 1, 30, 0, 1, 20, 19, 1);
  expect(pointTowards(screen, 3, 0, 0, 1, 0, 0)).toBe(1);
});

test('pictures do not cover each other, and every point left out is near one that is kept', () => {
  fc.assert(
    fc.property(screens, fc.integer({ min: 10, max: 90 }), ({ count, seed }, cell) => {
      const screen = scatter(count, seed);
      const kept = declutter(screen, count, width, height, cell, count);
      const apart = (a: number, b: number): number => Math.max(Math.abs(screen[a * 3]! - screen[b * 3]!), Math.abs(screen[a * 3 + 1]! - screen[b * 3 + 1]!));
      expect(kept.filter((a, i) => kept.slice(0, i).some((b) => apart(a, b) < cell))).toEqual([]);
      const all = Array.from({ length: count }, (_, item) => item);
      expect(all.filter((item) => !kept.some((other) => apart(item, other) < 2 * cell))).toEqual([]);
      expect(declutter(screen, count, width, height, cell, 3)).toEqual(kept.slice(0, 3));
    }),
    { seed: 2 },
  );
});

test('points outside the canvas have no picture', () => {
  const screen = Float32Array.of(-1, 10, 1, 10, height + 1, 1, 10, 10, Infinity, 20, 20, 1);
  expect(declutter(screen, 4, width, height, 30, 10)).toEqual([3]);
});
