import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failure } from '../../shared/failure.js';
import { err } from '../../shared/result.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import { Measurements } from './Measurements.svelte.js';
import { Notices } from './Notices.svelte.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function measured(): { readonly gateway: FakeGateway; readonly notices: Notices; readonly measurements: Measurements; readonly run: string; readonly project: string } {
  const gateway = new FakeGateway({ count: 100 });
  const notices = new Notices();
  const project = gateway.studio.addProject('digits');
  const run = gateway.studio.addRun(project, project.suggestSettings());
  return { gateway, notices, measurements: new Measurements(gateway, notices, project.dir), run: run.dir, project: project.dir };
}

test('an evaluation tells how far it has come and stays when it is there', async () => {
  const { measurements, run } = measured();
  const done = measurements.evaluate(run, 50);
  expect(measurements.isEvaluating(run)).toBe(true);
  expect(measurements.progress).toMatchObject({ phase: 'encoding', done: 0 });
  await vi.advanceTimersByTimeAsync(2000);
  await done;
  expect(measurements.isEvaluating(run)).toBe(false);
  expect(measurements.progress).toBe(null);
  expect(measurements.evaluationOf(run)).toMatchObject({ part: 'heldOut', samples: 50 });
});

test('an evaluation that was kept with the run is there when the run is looked at again; one that is damaged is told of', async () => {
  const { gateway, notices, measurements, run, project } = measured();
  const done = measurements.evaluate(run, 50);
  await vi.advanceTimersByTimeAsync(2000);
  await done;
  const reloaded = new Measurements(gateway, notices, project);
  expect(reloaded.evaluationOf(run)).toBe(null);
  await reloaded.recall(run);
  expect(reloaded.evaluationOf(run)).toEqual(measurements.evaluationOf(run));
  const sentence = 'evaluation.json is damaged: it is not JSON.';
  gateway.studio.keptEvaluation = async () => err(failure('bad-data', sentence));
  const again = new Measurements(gateway, notices, project);
  await again.recall(run);
  expect(again.evaluationOf(run)).toBe(null);
  expect(notices.of('metrics')!.sentence.message).toBe(sentence);
});

test('the time left of a phase follows from its pace, and begins anew with each', async () => {
  const { gateway, run } = measured();
  let tell: ((done: number, phase: 'encoding' | 'likelihood') => void) | undefined;
  gateway.onEvent = (listener) => {
    tell = (done, phase) => listener({ kind: 'measuring', dir: run, progress: { phase, done, total: 10 } });
    return () => undefined;
  };
  gateway.studio.evaluate = () => new Promise(() => undefined);
  const heard = new Measurements(gateway, new Notices(), 'project');
  void heard.evaluate(run, 50);
  tell!(0, 'encoding');
  await vi.advanceTimersByTimeAsync(1000);
  tell!(2, 'encoding');
  expect(heard.progress!.secondsLeft).toBeCloseTo(4, 1);
  tell!(0, 'likelihood');
  expect(heard.progress!.secondsLeft).toBe(null);
});

test('components are fitted once a number, by whoever asks first', async () => {
  const { gateway, measurements } = measured();
  const asked = vi.spyOn(gateway.studio, 'baseline');
  const both = [measurements.fit(4), measurements.fit(4)];
  expect(measurements.isFitting).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  await Promise.all(both);
  await measurements.fit(4);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(measurements.baselineOf(4)!.scores).toHaveLength(400);
  expect(measurements.baselineOf(5)).toBe(null);
});

test('a cancelled measurement leaves the one before, and says nothing', async () => {
  const { measurements, notices, run } = measured();
  const first = measurements.evaluate(run, 50);
  await vi.advanceTimersByTimeAsync(2000);
  await first;
  const second = measurements.evaluate(run, 90);
  await measurements.cancel();
  await vi.advanceTimersByTimeAsync(2000);
  await second;
  expect(measurements.evaluationOf(run)!.samples).toBe(50);
  expect(measurements.isEvaluating(run)).toBe(false);
  expect(notices.of('metrics')).toBe(null);
});

test('more components than the images have are refused with the reason', async () => {
  const { measurements, notices } = measured();
  const done = measurements.fit(200);
  await vi.advanceTimersByTimeAsync(2000);
  await done;
  expect(notices.of('cloud')!.sentence.message).toContain('at most 89 principal components');
});
