import fc from 'fast-check';
import { expect, test } from 'vitest';
import { naturalOrder } from './naturalOrder.js';

const names = fc.stringMatching(/^[01a/.]{0,8}$/);

test('names sort by the value of their numbers, folder by folder', () => {
  const sorted = ['a/2.png', 'a/10.png', 'a/010.png', 'a b/1.png', 'a1/1.png', 'b.png', 'é.png'];
  expect(sorted.toReversed().sort(naturalOrder)).toEqual(['a/2.png', 'a/010.png', 'a/10.png', 'a b/1.png', 'a1/1.png', 'b.png', 'é.png']);
});

test('a number of any length is compared by value', () => {
  expect(naturalOrder(`x${'9'.repeat(40)}`, `x1${'0'.repeat(40)}`)).toBeLessThan(0);
});

test('the order is total: antisymmetric, transitive, and equal only for equal names', () => {
  fc.assert(
    fc.property(names, names, names, (a, b, c) => {
      expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
      expect(naturalOrder(a, b) === 0).toBe(a === b);
      if (naturalOrder(a, b) < 0 && naturalOrder(b, c) < 0) expect(naturalOrder(a, c)).toBeLessThan(0);
    }),
    { seed: 1, numRuns: 3000 },
  );
});
