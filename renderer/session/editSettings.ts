import type { RunSettings } from '../../shared/contract/studio.js';
import type { CanonicalLoss } from '../../shared/meanReduced.js';
import { presetNames, presets, type ModelKind, type PresetName } from '../../shared/model.js';
import { isVariational, plainPractice, type Objective } from '../../shared/objective.js';

/** Settings that may be left open. */
type Open = { [K in keyof RunSettings]-?: object extends Pick<RunSettings, K> ? K : never }[keyof RunSettings];

/** The settings with some of them left open again. */
export function leftOpen(settings: RunSettings, ...open: readonly Open[]): RunSettings {
  const kept = { ...settings };
  for (const name of open) Reflect.deleteProperty(kept, name);
  return kept;
}

export function objectiveOf({ objective = plainPractice.objective }: RunSettings): Objective {
  return objective;
}

/** Another objective, without what it knows nothing of: noise, or beta and all that goes with it. */
export function withObjective(settings: RunSettings, objective: Objective): RunSettings {
  const next = objective === 'dae' ? settings : leftOpen(settings, 'noise');
  return isVariational(objective) ? { ...next, objective } : { ...leftOpen(next, 'warmup', 'cycles', 'capacity', 'freeBits'), objective, beta: 1 };
}

/** Dimensions after a published architecture whose bottleneck is no latent space to look at. */
const usualLatent = 8;

/** Another kind of network; the widths that suited the one before are left open. */
export function withModel(settings: RunSettings, model: ModelKind): RunSettings {
  const { latent } = settings.model === 'keras-conv-ae' ? { latent: usualLatent } : settings;
  return { ...leftOpen(settings, 'hidden'), model, latent };
}

/** The published architecture that the settings are; null when they are none. */
export function presetOf({ model, latent, hidden, activation }: RunSettings): PresetName | null {
  const isIt = (name: PresetName): boolean => presets[name].kind === model && presets[name].latent === latent && presets[name].hidden.join() === hidden?.join();
  return activation ? null : (presetNames.find(isIt) ?? null);
}

/** A published architecture; one without a log-variance makes an autoencoder of a variational one. Null: one that suits the images. */
export function withPreset(settings: RunSettings, name: PresetName | null): RunSettings {
  if (name === null) return withModel(settings, settings.model === 'keras-conv-ae' ? 'conv' : settings.model);
  const { kind, latent, hidden } = presets[name];
  const chosen = { ...leftOpen(settings, 'activation'), model: kind, latent, hidden };
  return kind === 'keras-conv-ae' && isVariational(objectiveOf(settings)) ? withObjective(chosen, 'ae') : chosen;
}

/** Layers with a bend between them or without; how many are right then is left open. */
export function withLinearLayers(settings: RunSettings, isLinear: boolean): RunSettings {
  const next = leftOpen(settings, 'hidden', 'activation');
  return isLinear ? { ...next, activation: 'linear' } : next;
}

/** A loss that was written elsewhere, as sums. */
export function withLoss(settings: RunSettings, { beta, likelihood }: CanonicalLoss): RunSettings {
  return { ...settings, beta, likelihood };
}
