import { describe, expect, it } from 'vitest';
import type { RunSettings } from '../../shared/contract/studio.js';
import { objectives } from '../../shared/objective.js';
import { presetNames } from '../../shared/model.js';
import { leftOpen, presetOf, withLinearLayers, withModel, withObjective, withPreset } from './editSettings.js';

const plain: RunSettings = { model: 'dense', latent: 8, beta: 1, rate: 0.001, seed: 0, executor: 'auto' };
const all: RunSettings = { ...plain, hidden: [64], objective: 'vae', beta: 4, warmup: 100, freeBits: 0.1, noise: { kind: 'mask', p: 0.3 }, patience: 4 };

describe('settings of the next run', () => {
  it('an objective takes away what it knows nothing of, and nothing else', () => {
    expect(withObjective(all, 'ae')).toEqual({ ...leftOpen(all, 'warmup', 'freeBits', 'noise'), objective: 'ae', beta: 1 });
    expect(withObjective(all, 'dae')).toEqual({ ...leftOpen(all, 'warmup', 'freeBits'), objective: 'dae', beta: 1 });
    const led = { ...leftOpen(all, 'warmup', 'freeBits'), capacity: { nats: 25, steps: 100 } };
    expect(withObjective(led, 'ae')).toEqual({ ...leftOpen(led, 'capacity', 'noise'), objective: 'ae', beta: 1 });
    expect(withObjective(all, 'kl-only')).toEqual({ ...leftOpen(all, 'noise'), objective: 'kl-only' });
  });

  it('what is left open is not there at all: it would be refused as undefined', () => {
    for (const objective of objectives) expect(Object.values(withObjective(all, objective))).not.toContain(undefined);
    expect(leftOpen(all, 'hidden')).not.toHaveProperty('hidden');
  });

  it('a published architecture is recognised as the one that was chosen, until anything of it is changed', () => {
    for (const name of presetNames) {
      const chosen = withPreset(withLinearLayers(plain, true), name);
      expect(presetOf(chosen)).toBe(name);
      expect(presetOf({ ...chosen, latent: 3 })).toBeNull();
      expect(presetOf(withLinearLayers(chosen, true))).toBeNull();
      expect(presetOf(withPreset(chosen, null))).toBeNull();
    }
    expect(presetOf(plain)).toBeNull();
  });

  it('the autoencoder without a log-variance is never left with a variational objective, nor its latent with another network', () => {
    const chosen = withPreset(all, 'keras-conv-ae');
    expect(chosen.objective).toBe('ae');
    expect(withPreset({ ...plain, objective: 'dae' }, 'keras-conv-ae').objective).toBe('dae');
    expect(withModel(chosen, 'dense').latent).toBeLessThanOrEqual(64);
    expect(withPreset(chosen, null)).toMatchObject({ model: 'conv' });
  });
});
