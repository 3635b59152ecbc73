import fc from 'fast-check';

/** Images, a filter that fits them, and how it moves; padding of 1 is meant for convolutions only. */
export const arbitraryWindow = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 3, max: 8 }),
  width: fc.integer({ min: 3, max: 8 }),
  channels: fc.constantFrom(1, 2, 3, 5, 6),
  filters: fc.constantFrom(1, 2, 5),
  filterHeight: fc.integer({ min: 1, max: 3 }),
  filterWidth: fc.integer({ min: 1, max: 3 }),
  strideHeight: fc.integer({ min: 1, max: 3 }),
  strideWidth: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom<'same' | 'valid' | 1>('same', 'valid', 1),
  seed: fc.nat(1e6),
});
