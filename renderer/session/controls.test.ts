import { describe, expect, it } from 'vitest';
import type { RunState } from '../../shared/run.js';
import { obstacle, type Control } from './controls.js';

const controls: readonly Control[] = ['pauseOrContinue', 'step', 'stop', 'change', 'resume'];
const possible = (state: RunState, isAsked = false): readonly Control[] => controls.filter((control) => obstacle(control, state, isAsked) === null);

describe('what can be asked of a run', () => {
  it.each<[RunState, readonly Control[]]>([
    ['preparing', ['stop']],
    ['running', ['pauseOrContinue', 'stop', 'change']],
    ['paused', ['pauseOrContinue', 'step', 'stop', 'change']],
    ['stopping', []],
    ['stopped', ['resume']],
    ['finished', ['resume']],
    ['failed', ['resume']],
  ])('%s: %j', (state, expected) => {
    expect(possible(state)).toEqual(expected);
  });

  it('is nothing but stopping while an earlier request is not answered', () => {
    expect(possible('running', true)).toEqual(['stop']);
    expect(possible('paused', true)).toEqual(['stop']);
    expect(possible('stopped', true)).toEqual([]);
  });
});
