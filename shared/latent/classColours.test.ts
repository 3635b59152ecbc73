import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classColours, classSlots } from './classColours.js';

const counts = fc.array(fc.nat(1000), { maxLength: 40 });

describe('classSlots', () => {
  it('gives up to ten classes a colour each, in their order', () => {
    expect([...classSlots([5, 1, 9])]).toEqual([0, 1, 2]);
    expect([...classSlots(new Array<number>(10).fill(1))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('never gives one colour to two classes', () => {
    fc.assert(
      fc.property(counts, (sizes) => {
        const used = [...classSlots(sizes)].filter((slot) => slot >= 0);
        expect(new Set(used).size).toBe(used.length);
        expect(used.every((slot) => slot < classColours)).toBe(true);
      }),
    );
  });

  it('beyond ten colours the nine largest and no class larger than one of them is grey', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 11, maxLength: 40 }), (sizes) => {
        const slots = classSlots(sizes);
        const coloured = sizes.filter((_, label) => slots[label]! >= 0);
        const grey = sizes.filter((_, label) => slots[label] === -1);
        expect(coloured).toHaveLength(9);
        expect(Math.min(...coloured)).toBeGreaterThanOrEqual(Math.max(...grey));
      }),
    );
  });

  it('keeps the order of labels, so that a class keeps its colour while sizes change little', () => {
    const slots = classSlots([9, 8, 1, 7, 6, 5, 4, 10, 11, 2, 12, 3]);
    expect([...slots]).toEqual([0, 1, -1, 2, 3, 4, 5, 6, 7, -1, 8, -1]);
  });
});
