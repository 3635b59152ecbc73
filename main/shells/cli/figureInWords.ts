import type { ExecutorFigure } from '../../../shared/contract/studio.js';

/** What calibration found about one executor. */
export function figureInWords({ executor, stepMs, problem }: ExecutorFigure): string {
  return stepMs === null ? `${executor} does not run it (${problem?.message.replace(/\.$/, '')})` : `${executor} ${stepMs.toFixed(1)} ms a step`;
}
