import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrainerEvent } from '../../shared/contract/trainer.js';
import { mergeMeans } from './mergeMeans.js';

type Means = Extract<TrainerEvent, { kind: 'means' }>;

const latent = 3;
const means = fc.record({ step: fc.nat(), items: fc.uniqueArray(fc.nat(9), { minLength: 1 }) }).chain(({ step, items }) =>
  fc.float32Array({ minLength: items.length * latent, maxLength: items.length * latent }).map((values): Means => ({ kind: 'means', step, items: Uint32Array.from(items), means: values })));
const rows = ({ items, means: values }: Means): Map<number, Float32Array> => new Map([...items].map((item, row) => [item, values.slice(row * latent, (row + 1) * latent)]));

test('merging has every item of both, once, with the mean of the newer', () => {
  fc.assert(fc.property(means, means, (waiting, newer) => {
    const merged = mergeMeans(waiting, newer);
    expect(merged.step).toBe(newer.step);
    expect(new Set(merged.items).size).toBe(merged.items.length);
    expect(rows(merged)).toEqual(new Map([...rows(waiting), ...rows(newer)]));
  }), { seed: 13 });
});
