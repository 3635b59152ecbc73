import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseHeldOut, fewestForHeldOut } from './heldOut.js';

const labelings = fc.array(fc.integer({ min: -1, max: 6 }), { minLength: fewestForHeldOut, maxLength: 400 });
const seeds = fc.integer({ min: 0, max: 0xffffffff });

test('a tenth is held out, and of each class its tenth to within one image', () => {
  fc.assert(
    fc.property(labelings, seeds, (labels, seed) => {
      const heldOut = chooseHeldOut(Int32Array.from(labels), seed);
      expect(heldOut.reduce((a, b) => a + b, 0)).toBe(Math.round(labels.length / 10));
      for (const label of new Set(labels)) {
        const items = labels.flatMap((value, item) => (value === label ? [item] : []));
        const chosen = items.filter((item) => heldOut[item] === 1).length;
        expect(Math.abs(chosen - items.length / 10)).toBeLessThan(1);
      }
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('the same labels and seed give the same choice, another seed another one', () => {
  const labels = Int32Array.from({ length: 200 }, (_, i) => i % 3);
  expect(chooseHeldOut(labels, 7)).toEqual(chooseHeldOut(labels.slice(), 7));
  expect(chooseHeldOut(labels, 8)).not.toEqual(chooseHeldOut(labels, 7));
});

test('every image is as likely as any other to be held out', () => {
  const counts = new Float64Array(40);
  for (let seed = 0; seed < 2000; seed++) chooseHeldOut(new Int32Array(40), seed).forEach((flag, item) => (counts[item]! += flag));
  // 200 expected with a standard deviation of 13.4: six of them are allowed.
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(80);
});

test('a set too small to measure on holds out nothing', () => {
  expect(chooseHeldOut(new Int32Array(fewestForHeldOut - 1), 0).includes(1)).toBe(false);
  expect(chooseHeldOut(new Int32Array(fewestForHeldOut), 0).includes(1)).toBe(true);
});
