import { expect, test } from 'vitest';
import { failure } from '../../../shared/failure.js';
import { plainPractice } from '../../../shared/objective.js';
import type { EpochMetrics, RunSpec, StepMetrics } from '../../../shared/run.js';
import { Output } from './Output.js';
import { TrainingReport } from './TrainingReport.js';

const dir = '/p/runs/0001';
const loss = { elbo: -110.5, reconstruction: 100.25, kl: 10.25 };
const spec: RunSpec = {
  ...plainPractice,
  model: { kind: 'dense', format: { width: 28, height: 28, channels: 1 }, latent: 2, hidden: [400] },
  epochs: 2, batch: 128, beta: 1, rate: 0.001, seed: 0, executor: 'onnx',
};
const started = { dir, step: 0, stepsPerEpoch: 4, parameters: 631_188, compileMs: 60 };
const epoch: EpochMetrics = {
  kind: 'epoch', epoch: 1, step: 4, train: loss, test: null, klPerDimension: [8, 2.25], stepMs: 4.56, imagesPerSecond: 28_070.4, liveShare: 0.03, skippedUpdates: 0,
};
const step = (number: number): StepMetrics => ({ kind: 'step', step: number, epoch: 1, loss, gradientNorm: 1, applied: true, beta: 1, rate: 0.001 });

function report(json: boolean): { view: TrainingReport; lines: () => string[] } {
  let out = '';
  const view = new TrainingReport(new Output(json, { write: (text) => (out += text) }, { write: () => true }));
  return { view, lines: () => out.trimEnd().split('\n') };
}

test('what was heard before the run was known is told after its beginning, in order', async () => {
  const { view, lines } = report(true);
  view.hear({ kind: 'metrics', dir, cursor: 2, lines: [step(1), epoch] });
  view.hear({ kind: 'finished', dir, state: 'finished', step: 8, last: { ...epoch, epoch: 2, test: loss } });
  view.begin('/p', started, spec);
  expect(await view.ended).toBe('finished');
  const told = lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ kind }) => kind)).toEqual(['start', 'epoch', 'done']);
  expect(told[0]).toMatchObject({ project: '/p', run: dir, step: 0, stepsPerEpoch: 4, parameters: 631_188, spec });
  expect(told[1]).toEqual(epoch);
  expect(told[2]).toMatchObject({ project: '/p', run: dir, step: 8, epoch: 2, train: loss, test: loss });
});

test('an interrupted run is told as such, a failed one rejects with its failure', async () => {
  const stopped = report(true);
  stopped.view.begin('/p', started, spec);
  stopped.view.hear({ kind: 'finished', dir, state: 'stopped', step: 3, last: null });
  expect(await stopped.view.ended).toBe('stopped');
  expect(JSON.parse(stopped.lines().at(-1)!)).toMatchObject({ kind: 'interrupted', step: 3, epoch: 0, train: null, test: null });

  const failed = report(true);
  failed.view.begin('/p', started, spec);
  failed.view.hear({ kind: 'failed', dir, failure: failure('resources', 'The disk is full.') });
  await expect(failed.view.ended).rejects.toMatchObject({ failure: { code: 'resources', message: 'The disk is full.' } });
});

test('in words an epoch says both terms, the held-out ones where there are some, and the speed', () => {
  const { view, lines } = report(false);
  view.begin('/p', started, spec);
  view.hear({ kind: 'metrics', dir, cursor: 2, lines: [epoch, { ...epoch, epoch: 2, test: loss }] });
  const terms = 'ELBO -110.50 (reconstruction 100.25, KL 10.25)';
  expect(lines()).toEqual([
    '/p/runs/0001: dense model with 631,188 parameters, 2 latent dimensions, 2 epochs of 4 steps',
    `Epoch 1 of 2: ${terms}; 4.6 ms a step, 28,070 images/s`,
    `Epoch 2 of 2: ${terms}; held out ${terms}; 4.6 ms a step, 28,070 images/s`,
  ]);
});

test('another executor is told with its reason, from which step on', () => {
  let err = '';
  const view = new TrainingReport(new Output(false, { write: () => true }, { write: (text) => (err += text) }));
  view.begin('/p', started, spec);
  view.hear({ kind: 'executor', dir, executor: 'onnx', step: 1201, reason: { message: 'The trainer was ended by the signal SIGSEGV.' } });
  expect(err).toBe('The trainer was ended by the signal SIGSEGV. From step 1,201 on the run is on onnx.\n');
});
