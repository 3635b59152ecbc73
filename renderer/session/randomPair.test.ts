import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomPair } from './randomPair.js';

const random = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 2, maxLength: 2 });

test('the two are different, and of different classes where there are two', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 2, maxLength: 30 }), random, (labels, numbers) => {
      const [a, b] = randomPair(Int32Array.from(labels), () => numbers.shift()!);
      expect(a).not.toBe(b);
      expect(labels[a]).toBeDefined();
      expect(labels[b]).toBeDefined();
      if (new Set(labels).size > 1) expect(labels[a]).not.toBe(labels[b]);
    }),
    { seed: 1 },
  );
});
