import type { RunState } from '../../shared/run.js';

/** What can be asked of a run. `change`: beta and rate. */
export type Control = 'pauseOrContinue' | 'step' | 'stop' | 'change' | 'resume';

/** Why something cannot be asked of a run at present. */
export type Obstacle = 'preparing' | 'running' | 'stopping' | 'asked' | 'goingOn' | 'over';

const final: readonly RunState[] = ['stopped', 'finished', 'failed'];

/** Whether nothing more comes of a run unless it is taken up again. */
export function isOver(state: RunState): boolean {
  return final.includes(state);
}

/**
 * What stands in the way of a control; null when nothing does.
 *
 * @param isAsked whether an earlier request is not answered yet
 */
export function obstacle(control: Control, state: RunState, isAsked: boolean): Obstacle | null {
  if (control === 'resume') return isAsked ? 'asked' : isOver(state) ? null : 'goingOn';
  if (isOver(state)) return 'over';
  if (state === 'stopping') return 'stopping';
  // A run can be stopped whatever it is doing.
  if (control === 'stop') return null;
  if (state === 'idle' || state === 'preparing') return 'preparing';
  if (control === 'step' && state === 'running') return 'running';
  return isAsked ? 'asked' : null;
}
