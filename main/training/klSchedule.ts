import type { KlSchedule } from '../../shared/objective.js';

/** What beta is multiplied by in a step, counted from 1: 0 to 1, and 1 from the step that ends a rise. */
export function betaFactor(schedule: KlSchedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
    case 'capacity':
      return 1;
    case 'warm-up':
      return Math.min(1, step / schedule.steps);
    case 'cyclical':
      // Position in the cycle, from 0, over the length of the rise: Fu et al. 2019, equations 7 and 8.
      return Math.min(1, ((step - 1) % schedule.period) / (schedule.ramp * schedule.period));
  }
}

/** Nats of KL that a step, counted from 1, leads to; null under a schedule that knows no capacity. */
export function capacityAt(schedule: KlSchedule, step: number): number | null {
  return schedule.kind === 'capacity' ? schedule.nats * Math.min(1, step / schedule.steps) : null;
}
