import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, nextFrame, type Playhead } from './backAndForth.js';

const playhead = fc.record({ t: fc.double({ min: 0, max: 1, noNaN: true }), direction: fc.constantFrom<1 | -1>(1, -1) });
const start: Playhead = { t: 0, direction: 1 };

test('it goes to the other end, turns there, and is back after twice the time', () => {
  expect(advance(start, 2000).t).toBeCloseTo(0.5, 12);
  expect(advance(start, 4000)).toEqual({ t: 1, direction: -1 });
  expect(advance(start, 6000).t).toBeCloseTo(0.5, 12);
  expect(advance(start, 6000).direction).toBe(-1);
  expect(advance(start, 8000).t).toBeCloseTo(0, 12);
});

test('many small moves are one long one', () => {
  fc.assert(
    fc.property(playhead, fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 40 }), (from, moves) => {
      const small = moves.reduce(advance, from);
      const long = advance(from, moves.reduce((sum, move) => sum + move, 0));
      // The ends are flat: there rounding of t is worth far more in time.
      expect(small.t).toBeCloseTo(long.t, 4);
    }),
    { seed: 1 },
  );
});

test('frame by frame it visits all frames in order, there and back', () => {
  const visited: number[] = [];
  for (let at = start, i = 0; i < 9; i++) visited.push((at = nextFrame(at, 5)).t);
  expect(visited).toEqual([0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0, 0.25]);
});

test('from between two frames it goes to the next one', () => {
  expect(nextFrame({ t: 0.3, direction: 1 }, 5).t).toBe(0.5);
  expect(nextFrame({ t: 0.3, direction: -1 }, 5).t).toBe(0.25);
});
