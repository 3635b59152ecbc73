import { objection, type Failure } from '../../shared/failure.js';
import { isVariational, type KlSchedule } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';

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
  if (objective === 'dae' && !noise) return objection('noise', 'A denoising autoencoder needs noise to remove: say which, or choose the objective ae.');
  if (objective !== 'dae' && noise) return objection('noise', `Noise is what a denoising autoencoder removes: choose the objective dae, or leave the noise out of ${objective}.`);
  if (noise?.kind === 'gaussian' && !(noise.sigma > 0 && Number.isFinite(noise.sigma))) {
    return objection('noise', `The noise needs a standard deviation above 0, as a part of the range from black to white, not ${noise.sigma}.`);
  }
  if (noise && noise.kind !== 'gaussian' && !(noise.p > 0 && noise.p <= 1)) return objection('noise', `The noise needs a probability above 0 and at most 1, not ${noise.p}.`);
  if (likelihood.kind === 'gaussian' && !(likelihood.sigma >= smallestSigma && likelihood.sigma <= largestSigma)) {
    return objection('likelihood', `The sigma of the likelihood must be from ${smallestSigma} to ${largestSigma}, where 1 is the range from black to white, not ${likelihood.sigma}; gaussian-learned finds it.`);
  }
  if (!Number.isFinite(freeBits) || freeBits < 0) return objection('freeBits', `The free bits must be a number of at least 0, not ${freeBits}.`);
  if (!isVariational(objective) && (beta !== 1 || schedule.kind !== 'constant' || freeBits > 0)) {
    return objection('objective', `The objective ${objective} has no KL term: choose the objective vae, or leave beta at 1 and out its schedule, capacity and free bits.`);
  }
  if (schedule.kind === 'capacity') {
    if (!(schedule.nats > 0 && schedule.nats <= largestCapacity)) {
      return objection('capacity', `The capacity must be a number of nats above 0 and at most ${largestCapacity}, not ${schedule.nats}.`);
    }
    if (freeBits > 0) return objection('freeBits', 'A capacity says already what KL costs nothing: leave out the free bits, or the capacity.');
  }
  return problemOfRise(schedule);
}

/** The setting that asks for each kind of rise. */
const rises = { 'warm-up': 'warmup', cyclical: 'cycles', capacity: 'capacity' } as const;

function problemOfRise(schedule: KlSchedule): Failure | null {
  if (schedule.kind === 'constant') return null;
  const steps = schedule.kind === 'cyclical' ? schedule.period : schedule.steps;
  if (Number.isInteger(steps) && steps >= 1) return null;
  return objection(rises[schedule.kind], `A rise takes a whole number of steps of at least 1, not ${steps}.`);
}
