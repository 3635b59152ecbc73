import { objection, type Failure } from '../../shared/failure.js';
import { isVariational, type KlSchedule } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';

/** The part of a run's settings that says what is minimised. */
export type LossSpec = Pick<RunSpec, 'objective' | 'noise' | 'likelihood' | 'beta' | 'schedule' | 'freeBits'>;

const smallestSigma = 0.001;
const largestSigma = 1000;
/** Nats: more than any images have to say, and far from where sums lose their digits. */
const largestCapacity = 1000;

/** Whether these settings go together; the first thing that does not otherwise, as an `objection` that says what to do. */
export function checkObjective<T extends LossSpec>(spec: T): Result<T, Failure> {
  const problem = problemOf(spec);
  return problem ? err(problem) : ok(spec);
}

function problemOf({ objective, noise, likelihood, beta, schedule, freeBits }: LossSpec): Failure | null {
  if (objective === 'dae' && !noise) return objection('noise', say('settings.noiseMissing'));
  if (objective !== 'dae' && noise) return objection('noise', say('settings.noiseForeign', objective));
  if (noise?.kind === 'gaussian' && !(noise.sigma > 0 && Number.isFinite(noise.sigma))) {
    return objection('noise', say('settings.noiseSigma', noise.sigma));
  }
  if (noise && noise.kind !== 'gaussian' && !(noise.p > 0 && noise.p <= 1)) return objection('noise', say('settings.noiseShare', noise.p));
  if (likelihood.kind === 'gaussian' && !(likelihood.sigma >= smallestSigma && likelihood.sigma <= largestSigma)) {
    return objection('likelihood', say('settings.sigma', smallestSigma, largestSigma, likelihood.sigma));
  }
  if (!Number.isFinite(freeBits) || freeBits < 0) return objection('freeBits', say('settings.freeBits', freeBits));
  if (!isVariational(objective) && (beta !== 1 || schedule.kind !== 'constant' || freeBits > 0)) {
    return objection('objective', say('settings.noKl', objective));
  }
  if (schedule.kind === 'capacity') {
    if (!(schedule.nats > 0 && schedule.nats <= largestCapacity)) {
      return objection('capacity', say('settings.capacity', largestCapacity, schedule.nats));
    }
    if (freeBits > 0) return objection('freeBits', say('settings.capacityAndFreeBits'));
  }
  return problemOfRise(schedule);
}

/** The setting that asks for each kind of rise. */
const rises = { 'warm-up': 'warmup', cyclical: 'cycles', capacity: 'capacity' } as const;

function problemOfRise(schedule: KlSchedule): Failure | null {
  if (schedule.kind === 'constant') return null;
  const steps = schedule.kind === 'cyclical' ? schedule.period : schedule.steps;
  if (Number.isInteger(steps) && steps >= 1) return null;
  return objection(rises[schedule.kind], say('settings.rise', steps));
}
