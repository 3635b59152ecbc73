import { expect, test } from 'vitest';
import { nextProcessState, processStates, processSteps } from './processState.js';

test('every step in every state leads where the machine says or is refused', () => {
  const table = Object.fromEntries(processStates.map((state) => [state, Object.fromEntries(processSteps.map((step) => [step, nextProcessState(state, step)]))]));
  expect(table).toEqual({
    idle: { start: 'starting', ready: null, stop: null, exit: null, crash: null },
    starting: { start: null, ready: 'running', stop: 'stopping', exit: 'exited', crash: 'crashed' },
    running: { start: null, ready: null, stop: 'stopping', exit: 'exited', crash: 'crashed' },
    stopping: { start: null, ready: 'stopping', stop: null, exit: 'exited', crash: 'crashed' },
    exited: { start: null, ready: null, stop: null, exit: null, crash: null },
    crashed: { start: null, ready: null, stop: null, exit: null, crash: null },
  });
});
