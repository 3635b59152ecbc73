import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../shared/random.js';
import { classCenters } from './classCenters.js';
import { extentOf } from './extent.js';
import { MovingPlaces } from './MovingPlaces.js';
import { ease, Transition } from './Transition.js';

function normal(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  fillNormal(values, randomKey(seed));
  return values;
}

test('an extent moves and grows with its cloud', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), fc.integer({ min: -9, max: 9 }), (seed, scale, shift) => {
      const cloud = normal(900, seed);
      const all = new Uint8Array(300).fill(1);
      const plain = extentOf(cloud, all, 300);
      const other = extentOf(cloud.map((value) => value * scale + shift), all, 300);
      expect(other.radius / (plain.radius * scale)).toBeCloseTo(1, 3);
      for (let i = 0; i < 3; i++) expect(other.center[i]).toBeCloseTo(plain.center[i]! * scale + shift, 3);
    }),
    { seed: 1 },
  );
});

test('an extent is that of what is drawn, a few strays do not enlarge it, and a point has one too', () => {
  const cloud = normal(3000, 3);
  const all = new Uint8Array(1000).fill(1);
  const { radius } = extentOf(cloud, all, 1000);
  cloud.set([1e4, 0, 0], 0);
  expect(extentOf(cloud, all, 1000).radius).toBeLessThan(radius * 10);
  const few = new Uint8Array(1000);
  few[7] = 1;
  expect(extentOf(cloud, few, 1000)).toEqual({ center: [cloud[21], cloud[22], cloud[23]], radius: 0.25 });
  expect(extentOf(cloud, new Uint8Array(1000), 1000)).toEqual({ center: [0, 0, 0], radius: 1 });
});

test('one rare point among a million is found', () => {
  const shown = new Uint8Array(1_000_000);
  shown[123_457] = 1;
  const positions = new Float32Array(3_000_000);
  positions.set([4, 5, 6], 123_457 * 3);
  expect(extentOf(positions, shown, 1_000_000).center).toEqual([4, 5, 6]);
});

test('the center of a class is the mean of its drawn points, its spread their root mean square distance from it', () => {
  const positions = Float32Array.of(0, 0, 0, 2, 0, 0, 9, 9, 9, 5, 5, 5, 1, 1, 1);
  const found = classCenters(positions, Int32Array.of(3, 3, 3, 0, -1), Uint8Array.of(1, 1, 0, 1, 1), 5);
  expect(found.labels).toEqual([0, 3]);
  expect([...found.centers]).toEqual([5, 5, 5, 1, 0, 0]);
  expect([...found.spreads]).toEqual([0, 1]);
});

test('the ease begins at 0, ends at 1, never goes back and is half done after a fifth of its time', () => {
  expect([ease(-1), ease(0), ease(1), ease(2)]).toEqual([0, 0, 1, 1]);
  for (let i = 1; i < 100; i++) {
    expect(ease(i / 100)).toBeGreaterThan(ease((i - 1) / 100));
  }
  // At the middle of the curve's parameter: time 3/8 of 0.2 and an eighth.
  expect(ease(0.2)).toBeCloseTo(0.5, 5);
});

test('a transition ends on time; without duration it is over before it began', () => {
  const transition = new Transition();
  transition.start(1000, 500);
  expect([transition.value, transition.isRunning]).toEqual([0, true]);
  transition.advance(1499);
  expect(transition.isRunning).toBe(true);
  transition.advance(1500);
  expect([transition.value, transition.isRunning]).toEqual([1, false]);
  transition.start(2000, 0);
  expect([transition.value, transition.isRunning]).toEqual([1, false]);
});

test('places set off from where they are seen, not from where they were bound', () => {
  const places = new MovingPlaces();
  places.put(Float32Array.of(0, 0, 0));
  places.move(Float32Array.of(10, 0, 0));
  places.blend(0.5);
  expect(places.seen[0]).toBe(5);
  places.move(Float32Array.of(1, 0, 0));
  expect(places.seen[0]).toBe(5);
  places.blend(1);
  expect(places.seen[0]).toBe(1);
});

test('other places in another number are there at once', () => {
  const places = new MovingPlaces();
  places.move(Float32Array.of(1, 2, 3));
  expect([...places.seen]).toEqual([1, 2, 3]);
  places.move(Float32Array.of(4, 5, 6, 7, 8, 9));
  expect([...places.seen]).toEqual([4, 5, 6, 7, 8, 9]);
  places.put(new Float32Array(0));
  expect(places.count).toBe(0);
});
