import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutNames, type NameBox } from './nameLayout.js';

const box = fc.record({ width: fc.integer({ min: 10, max: 90 }), x: fc.integer({ min: -50, max: 450 }), y: fc.integer({ min: -50, max: 350 }), distance: fc.constantFrom(-1, 2) });

test('names that are shown do not overlap, and the first that can be seen is shown', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 30 }), (given) => {
      const names: NameBox[] = given.map((one) => ({ ...one, isShown: false }));
      layOutNames(names, 400, 300);
      const shown = names.filter((name) => name.isShown);
      for (const [i, a] of shown.entries()) {
        for (const b of shown.slice(0, i)) expect(Math.abs(a.x - b.x) * 2 >= a.width + b.width || Math.abs(a.y - b.y) >= 15).toBe(true);
      }
      const first = names.find(({ x, y, distance }) => distance > 0 && x > 0 && x < 400 && y > 15 && y < 300);
      expect(shown[0]).toBe(first);
    }),
    { seed: 1 },
  );
});
