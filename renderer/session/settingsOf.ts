import type { RunSettings } from '../../shared/contract/studio.js';
import type { RunSpec } from '../../shared/run.js';

/**
 * The settings that a run with this spec follows from.
 *
 * @param steps of the whole run
 */
export function settingsOf(spec: RunSpec, steps: number): RunSettings {
  const { model, objective, noise, likelihood, epochs, batch, beta, schedule, freeBits, rate, clipNorm, patience, augment, seed, executor } = spec;
  return {
    model: model.kind,
    hidden: model.hidden,
    ...(model.activation && { activation: model.activation }),
    latent: model.latent,
    objective,
    ...(noise && { noise }),
    likelihood,
    epochs,
    batch,
    beta,
    ...(schedule.kind === 'warm-up' && { warmup: schedule.steps }),
    ...(schedule.kind === 'cyclical' && { cycles: Math.round(steps / schedule.period) }),
    ...(schedule.kind === 'capacity' && { capacity: { nats: schedule.nats, steps: schedule.steps } }),
    freeBits,
    rate,
    ...(clipNorm !== null && { clipNorm }),
    ...(patience !== null && { patience }),
    augment,
    seed,
    executor,
  };
}
