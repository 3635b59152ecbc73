import type { BetaSchedule } from '../../shared/objective.js';

/** What beta is multiplied by in a step, counted from 1: 0 to 1, and 1 from the step that ends a rise. */
export function scheduleFactor(schedule: BetaSchedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'warm-up':
      return Math.min(1, step / schedule.steps);
    case 'cyclical':
      // Position in the cycle, from 0, over the length of the rise: Fu et al. 2019, equations 7 and 8.
      return Math.min(1, ((step - 1) % schedule.period) / (schedule.ramp * schedule.period));
  }
}
