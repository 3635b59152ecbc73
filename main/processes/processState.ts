/**
 * The states of a process of ours.
 *
 *     idle -> starting -> running -> stopping -> exited | crashed
 *
 * A process can end in any state after idle. `exited`: by itself, with status 0. `crashed`: everything else, a kill included.
 */
export const processStates = ['idle', 'starting', 'running', 'stopping', 'exited', 'crashed'] as const;
export type ProcessState = (typeof processStates)[number];

/** What happens to a process: we start it, it says that it is ready, we ask it to stop, it ends well or badly. */
export const processSteps = ['start', 'ready', 'stop', 'exit', 'crash'] as const;
export type ProcessStep = (typeof processSteps)[number];

const transitions: Readonly<Record<ProcessState, Partial<Record<ProcessStep, ProcessState>>>> = {
  idle: { start: 'starting' },
  starting: { ready: 'running', stop: 'stopping', exit: 'exited', crash: 'crashed' },
  running: { stop: 'stopping', exit: 'exited', crash: 'crashed' },
  // It may have become ready before it read that it is to stop.
  stopping: { ready: 'stopping', exit: 'exited', crash: 'crashed' },
  exited: {},
  crashed: {},
};

/** The state after a step, null where the step is not allowed. */
export function nextProcessState(state: ProcessState, step: ProcessStep): ProcessState | null {
  return transitions[state][step] ?? null;
}
