import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunSettings } from '../../shared/contract/studio.js';
import type { DatasetSummary, ImageFormat } from '../../shared/dataset.js';
import { plainPractice } from '../../shared/objective.js';
import { chooseSettings, suggestSettings } from './defaults.js';

const summaryOf = (count: number, heldOut: number, format: ImageFormat = { width: 28, height: 28, channels: 1 }): DatasetSummary => ({
  format,
  count,
  heldOut,
  classes: [],
  classCounts: [],
  report: { used: count, skipped: [], leftOut: 0, notices: [] },
});
const settings: RunSettings = { model: 'dense', latent: 2, beta: 1, rate: 0.001, seed: 0, executor: 'auto' };

test('what a person has chosen stands, to the letter', () => {
  const chosen = { ...settings, hidden: [30, 20], epochs: 7, batch: 9, executor: 'onnx' as const };
  const spec = chooseSettings(summaryOf(70_000, 10_000), chosen);
  expect(spec).toMatchObject({ ok: true, value: { epochs: 7, batch: 9, executor: 'onnx', model: { hidden: [30, 20], latent: 2, kind: 'dense' } } });
});

test('MNIST is trained as in the PyTorch example: 400 hidden units, batches of 128, ten epochs', () => {
  const spec = chooseSettings(summaryOf(70_000, 10_000), settings);
  expect(spec).toMatchObject({ ok: true, value: { epochs: 10, batch: 128, executor: 'onnx', model: { hidden: [400] } } });
});

test('sets of 20 to 500 images get several steps an epoch and some hundred to some thousand in all', () => {
  for (const count of [20, 50, 100, 200, 350, 500]) {
    const spec = chooseSettings(summaryOf(count, Math.round(count / 10)), settings);
    if (!spec.ok) throw new Error(spec.error.message);
    const stepsPerEpoch = Math.ceil((count - Math.round(count / 10)) / spec.value.batch);
    expect(stepsPerEpoch).toBeGreaterThanOrEqual(2);
    expect(stepsPerEpoch * spec.value.epochs).toBeGreaterThanOrEqual(500);
    expect(stepsPerEpoch * spec.value.epochs).toBeLessThanOrEqual(3000);
  }
});

test('for every dataset that can be imported the defaults of the dense model are accepted', () => {
  const sides = fc.integer({ min: 2, max: 256 });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1e6 }), sides, sides, fc.constantFrom(1 as const, 3 as const), (count, width, height, channels) => {
      const summary = summaryOf(count, count < 20 ? 0 : Math.round(count / 10), { width, height, channels });
      expect(chooseSettings(summary, settings).ok).toBe(true);
    }),
    { seed: 9, numRuns: 200 },
  );
});

test('for every dataset that can be imported the suggested settings are accepted', () => {
  const sides = fc.oneof(fc.integer({ min: 2, max: 256 }), fc.constantFrom(28, 32, 64));
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1e6 }), sides, sides, fc.constantFrom(1 as const, 3 as const), (count, width, height, channels) => {
      const summary = summaryOf(count, count < 20 ? 0 : Math.round(count / 10), { width, height, channels });
      expect(chooseSettings(summary, suggestSettings(summary)).ok).toBe(true);
    }),
    { seed: 9, numRuns: 500 },
  );
});

test('small grey images are suggested a dense model, others a convolutional one where there is one and, of enough images, more dimensions', () => {
  const suggested = (count: number, side: number, channels: 1 | 3) => suggestSettings(summaryOf(count, 0, { width: side, height: side, channels }));
  expect(suggested(500, 28, 1)).toMatchObject({ model: 'dense', latent: 8 });
  expect(suggested(60_000, 32, 1)).toMatchObject({ model: 'dense', latent: 8 });
  expect(suggested(60_000, 64, 1)).toMatchObject({ model: 'conv', latent: 16 });
  expect(suggested(500, 64, 3)).toMatchObject({ model: 'conv', latent: 8 });
  expect(suggested(5000, 32, 3)).toMatchObject({ model: 'conv' });
  expect(suggested(5000, 48, 3)).toMatchObject({ model: 'dense' });
});

test('the convolutional model gets one dense layer for each size that it knows', () => {
  for (const side of [28, 32, 64]) {
    const spec = chooseSettings(summaryOf(500, 50, { width: side, height: side, channels: 3 }), { ...settings, model: 'conv' });
    expect(spec).toMatchObject({ ok: true, value: { batch: 32, model: { kind: 'conv', hidden: [side === 64 ? 256 : 128] } } });
  }
});

test('large images train convolutionally in small batches, whatever their number', () => {
  const spec = chooseSettings(summaryOf(50_000, 5000, { width: 64, height: 64, channels: 3 }), { ...settings, model: 'conv' });
  expect(spec).toMatchObject({ ok: true, value: { batch: 32 } });
});

test('what is left open follows from the objective and the layers', () => {
  const chosen = (part: Partial<RunSettings>) => {
    const spec = chooseSettings(summaryOf(70_000, 10_000), { ...settings, epochs: 2, batch: 100, ...part });
    if (!spec.ok) throw new Error(spec.error.message);
    return spec.value;
  };
  expect(chosen({})).toMatchObject(plainPractice);
  expect(chosen({ objective: 'dae' }).noise).toEqual({ kind: 'gaussian', sigma: 0.4 });
  // Beside linear layers the squared error, and no hidden layer: principal components.
  expect(chosen({ activation: 'linear' })).toMatchObject({ likelihood: { kind: 'gaussian', sigma: Math.SQRT1_2 }, model: { hidden: [], activation: 'linear' } });
  expect(chosen({ warmup: 30 }).schedule).toEqual({ kind: 'warm-up', steps: 30 });
  expect(chosen({ cycles: 4 }).schedule).toEqual({ kind: 'cyclical', period: 300, ramp: 0.5 });
  expect(chosen({ capacity: { nats: 20, steps: 500 } }).schedule).toEqual({ kind: 'capacity', nats: 20, steps: 500 });
  expect(chosen({ augment: ['rotate', 'shift', 'shift'] }).augment).toEqual(['shift', 'rotate']);
});

test('settings that do not go together are refused with what to do', () => {
  const refused: [Partial<RunSettings>, string][] = [
    [{ noise: { kind: 'mask', p: 0.3 } }, 'choose the objective dae'],
    [{ objective: 'dae', noise: { kind: 'mask', p: 1.5 } }, 'at most 1'],
    [{ objective: 'ae', freeBits: 0.5 }, 'choose the objective vae'],
    [{ objective: 'ae', beta: 2 }, 'choose the objective vae'],
    [{ objective: 'dae', warmup: 10 }, 'choose the objective vae'],
    [{ likelihood: { kind: 'gaussian', sigma: 1e-9 } }, 'gaussian-learned finds it'],
    [{ warmup: 10, cycles: 2 }, 'leave out all but one'],
    [{ cycles: 2, capacity: { nats: 20, steps: 100 } }, 'leave out all but one'],
    [{ objective: 'ae', capacity: { nats: 20, steps: 100 } }, 'choose the objective vae'],
    [{ freeBits: 0.1, capacity: { nats: 20, steps: 100 } }, 'leave out the free bits'],
    [{ capacity: { nats: 1001, steps: 100 } }, 'at most 1000'],
    [{ capacity: { nats: 20, steps: 0.5 } }, 'whole number of steps'],
    [{ freeBits: -1 }, 'free bits'],
    [{ clipNorm: 0 }, 'norm'],
    [{ patience: 0 }, 'patience'],
    [{ model: 'keras-conv-ae', latent: 1568 }, 'choose the objective ae or dae'],
  ];
  for (const [part, words] of refused) {
    const spec = chooseSettings(summaryOf(100, 10), { ...settings, ...part });
    expect([words, spec.ok ? '' : spec.error.message]).toEqual([words, expect.stringContaining(words)]);
  }
  const without = chooseSettings(summaryOf(10, 0), { ...settings, patience: 3 });
  expect(without.ok ? '' : without.error.message).toContain('leave the patience out');
});

test('what cannot be trained is refused as usage with a sentence that names it', () => {
  const refused: [Partial<RunSettings>, string][] = [
    [{ latent: 1 }, '2 to 64'],
    [{ latent: 65 }, '2 to 64'],
    [{ epochs: 0 }, 'epochs'],
    [{ epochs: 1.5 }, 'epochs'],
    [{ batch: 0 }, 'batch'],
    [{ batch: 5000 }, 'batch'],
    [{ beta: -0.1 }, 'Beta'],
    [{ beta: NaN }, 'Beta'],
    [{ beta: 1e10 }, 'Beta'],
    [{ rate: 0 }, 'learning rate'],
    [{ rate: Infinity }, 'learning rate'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 32 }, 'seed'],
    [{ seed: 0.5 }, 'seed'],
    [{ hidden: [0] }, 'hidden'],
  ];
  for (const [part, word] of refused) {
    const spec = chooseSettings(summaryOf(100, 10), { ...settings, ...part });
    expect(spec.ok ? null : spec.error.code).toBe('usage');
    expect(spec.ok ? '' : spec.error.message).toContain(word);
  }
  const small = { width: 3, height: 3, channels: 1 } as const;
  expect(chooseSettings(summaryOf(100, 10, small), { ...settings, latent: 10 })).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(chooseSettings(summaryOf(100, 10, small), { ...settings, model: 'conv' })).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(chooseSettings(summaryOf(5, 5), settings)).toMatchObject({ ok: false, error: { code: 'usage' } });
});
