import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EpochTotals, lossTerms } from './EpochTotals.js';

const step = fc.record({
  reconstruction: fc.float({ min: 0, max: 1e6, noNaN: true }),
  kl: fc.float({ min: 0, max: 1e6, noNaN: true }),
  dimensions: fc.array(fc.float({ min: 0, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 }),
  images: fc.integer({ min: 1, max: 128 }),
});

test('sums that go through text in the middle of an epoch end bitwise where they would have ended', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.nat(20), (steps, cut) => {
      const whole = new EpochTotals(3);
      let parted = new EpochTotals(3);
      steps.forEach(({ reconstruction, kl, dimensions, images }, i) => {
        whole.add({ reconstruction, kl }, dimensions, images, images);
        if (i === cut) {
          const text = parted.toText();
          parted = new EpochTotals(3);
          expect(parted.fromText(text)).toBe(true);
        }
        parted.add({ reconstruction, kl }, dimensions, images, images);
      });
      expect(parted.toText()).toBe(whole.toText());
      expect(parted.terms()).toEqual(whole.terms());
    }),
    { seed: 4, numRuns: 100 },
  );
});

test('steps without finite terms are left out with their images', () => {
  const totals = new EpochTotals(1);
  totals.add({ reconstruction: 10, kl: 2 }, [2], 4, 4);
  totals.add({ reconstruction: NaN, kl: 2 }, [2], 4, 4);
  totals.add({ reconstruction: 3, kl: Infinity }, [Infinity], 4, 4);
  totals.add({ reconstruction: 20, kl: 4 }, [4], 4, 4);
  expect(totals.images).toBe(8);
  expect(totals.terms()).toEqual({ elbo: -18, reconstruction: 15, kl: 3 });
  expect(totals.klPerDimension()).toEqual([3]);
});

test('text that is not that of these totals is refused and changes nothing', () => {
  const totals = new EpochTotals(2);
  totals.add({ reconstruction: 1, kl: 2 }, [1, 1], 1, 1);
  const before = totals.toText();
  for (const text of ['', '1 2 3', '1 2 3 4 5 6', '1 2 x 4 5', '1 2 NaN 4 5', '1 2  4 5 6 7']) {
    expect(totals.fromText(text)).toBe(false);
    expect(totals.toText()).toBe(before);
  }
});

test('the ELBO is the negative sum of both terms', () => {
  expect(lossTerms(100, 7)).toEqual({ elbo: -107, reconstruction: 100, kl: 7 });
});

test('an autoencoder has no divergence and no ELBO', () => {
  const totals = new EpochTotals(0);
  totals.add({ reconstruction: 6 }, [], 2, 2);
  totals.add({ reconstruction: 3 }, [], 1, 1);
  expect(totals.terms()).toEqual({ reconstruction: 5 });
  expect(totals.klPerDimension()).toEqual([]);
});
