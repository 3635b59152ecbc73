import { expect, it } from 'vitest';
import { plainPractice } from '../../shared/objective.js';
import type { RunSpec } from '../../shared/run.js';
import { settingsOf } from './settingsOf.js';

const plain: RunSpec = {
  ...plainPractice,
  model: { kind: 'dense', format: { width: 28, height: 28, channels: 1 }, latent: 8, hidden: [400] },
  epochs: 10,
  batch: 128,
  beta: 2,
  rate: 0.001,
  seed: 3,
  executor: 'tensorflow',
};

it('settings of a plain run leave open what it does without', () => {
  const settings = settingsOf(plain, 1000);
  expect(settings).toMatchObject({ model: 'dense', hidden: [400], latent: 8, epochs: 10, batch: 128, beta: 2, executor: 'tensorflow' });
  for (const absent of ['activation', 'noise', 'warmup', 'cycles', 'capacity', 'clipNorm', 'patience']) expect(settings).not.toHaveProperty(absent);
});

it('settings of a run hold all that a person had chosen', () => {
  const spec: RunSpec = { ...plain, objective: 'dae', noise: { kind: 'mask', p: 0.3 }, schedule: { kind: 'warm-up', steps: 500 }, clipNorm: 5, patience: 4, augment: ['flip'] };
  expect(settingsOf(spec, 1000)).toMatchObject({ objective: 'dae', noise: { kind: 'mask', p: 0.3 }, warmup: 500, clipNorm: 5, patience: 4, augment: ['flip'] });
  expect(settingsOf({ ...plain, schedule: { kind: 'cyclical', period: 250, ramp: 0.5 } }, 1000)).toMatchObject({ cycles: 4 });
  expect(settingsOf({ ...plain, schedule: { kind: 'capacity', nats: 25, steps: 600 } }, 1000)).toMatchObject({ capacity: { nats: 25, steps: 600 } });
});
