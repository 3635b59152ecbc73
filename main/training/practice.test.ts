import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largestBeta, plainPractice, type LikelihoodSpec } from '../../shared/objective.js';
import { lossOf, type EpochMetrics, type RunSpec, type StepMetrics } from '../../shared/run.js';
import { runPaths } from '../projects/runFile.js';
import { installedNative } from '../native/installation.js';
import { EarlyStopping } from './EarlyStopping.js';
import { endOf, ObservedRun, requestIn, runUntil, timelessMetrics, tinySpec } from './testing/runs.js';
import { constantDataset, tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let dataset: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-practice-'));
  dataset = await tinyDataset(join(parent, 'data'), 50, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

let runs = 0;
const request = (spec: Partial<RunSpec>) => requestIn(parent, dataset, { ...tinySpec, ...spec }, `run${++runs}`);
const epochsOf = ({ lines }: ObservedRun) => lines.filter((line): line is EpochMetrics => line.kind === 'epoch');
const stepsOf = ({ lines }: ObservedRun) => lines.filter((line): line is StepMetrics => line.kind === 'step');

test('patience is counted from the best epoch; an equal one, and one that is not finite, is not better', () => {
  const epoch = (number: number, loss: number): EpochMetrics => ({
    kind: 'epoch', epoch: number, step: number, train: { reconstruction: loss }, test: { reconstruction: loss }, klPerDimension: [], stepMs: 1, imagesPerSecond: 1, liveShare: 0, skippedUpdates: 0,
  });
  const watch = new EarlyStopping(3, 'ae');
  const state = () => new Map();
  const over = [NaN, 5, 4, 4, 6, NaN, 3].map((loss, i) => watch.look(epoch(i + 1, loss), state)?.epoch ?? null);
  expect(over).toEqual([null, null, null, null, null, 3, null]);
});

test('a run that ends early has bitwise the weights of one that had no more epochs than its best', async () => {
  const early = request({ epochs: 300, rate: 0.03, patience: 2 });
  const observed = await new ObservedRun().toTheEnd(early);
  const epochs = epochsOf(observed);
  const losses = epochs.map(({ test }) => lossOf(test!));
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect([epochs.length < 300, epochs.length - best]).toEqual([true, 2]);
  expect(observed.of('finished')[0]).toMatchObject({ state: 'finished', last: { epoch: epochs.length } });
  expect(observed.of('notice').map(({ message }) => message)).toEqual([expect.stringContaining(`since epoch ${best}, whose weights these are`)]);
  const short = request({ epochs: best, rate: 0.03, patience: 2 });
  await new ObservedRun().toTheEnd(short);
  expect((await endOf(early.runDir)).tensors).toEqual((await endOf(short.runDir)).tensors);
});

test('a run that watches for its best epoch and was interrupted after it ends as the one that was not', async () => {
  const spec = { epochs: 300, rate: 0.03, patience: 2 };
  const whole = request(spec);
  const epochs = epochsOf(await new ObservedRun().toTheEnd(whole));
  const last = epochs.at(-1)!;
  const parted = request(spec);
  await runUntil(parted, last.step - 1);
  const observed = await new ObservedRun().toTheEnd({ ...parted, resume: true });
  expect(timelessMetrics(parted.runDir)).toEqual(timelessMetrics(whole.runDir));
  expect((await endOf(parted.runDir)).tensors).toEqual((await endOf(whole.runDir)).tensors);
  expect(observed.of('notice').map(({ message }) => message)).toEqual([expect.stringContaining(`since epoch ${last.epoch - 2}, whose weights these are`)]);
});

test('when the best epoch cannot be read any more, the run says so and looks for another', async () => {
  const parted = request({ epochs: 300, rate: 0.03, patience: 2 });
  await runUntil(parted, 13);
  const best = readdirSync(runPaths(parted.runDir).checkpoints).filter((name) => name.startsWith('best')).at(-1)!;
  truncateSync(join(runPaths(parted.runDir).checkpoints, best), 100);
  const observed = await new ObservedRun().toTheEnd({ ...parted, resume: true });
  expect(observed.of('finished')[0]).toMatchObject({ state: 'finished' });
  expect(observed.of('notice')[0]!.message).toMatch(/^The weights of epoch 2, the best so far, cannot be used/);
});

test('gradients that stay without a finite norm return the run to its last good checkpoint, with half the rate, and say so', async () => {
  const wild = request({ epochs: 40 });
  const observed = new ObservedRun();
  const { run } = observed;
  await run.start(wild);
  // Pausing leaves a checkpoint. The first step with that rate is finite, and leaves weights that are of no use.
  await run.pause();
  const good = await endOf(wild.runDir);
  await run.setRate(1e25);
  for (let i = 0; i < 11; i++) await run.step();
  await run.stop();
  const last = stepsOf(observed).slice(-11).map(({ applied, rate }) => [applied, rate]);
  expect(last).toEqual([[true, 1e25], ...Array.from({ length: 10 }, () => [false, 1e25])]);
  expect(observed.of('notice').at(-1)!.message).toContain(`the weights of step ${good.state.step} with half the learning rate, 5,000`);
  const end = await endOf(wild.runDir);
  expect(end.tensors).toEqual(good.tensors);
  expect(end.state).toMatchObject({ step: good.state.step + 11, rate: 5e24, skippedUpdates: 10 });
});

test('a run whose first step breaks it begins again with smaller rates until one carries it to its end', async () => {
  const observed = await new ObservedRun().toTheEnd(request({ epochs: 60, rate: 1e22 }));
  expect(observed.of('finished')[0]?.state).toBe('finished');
  const rates = [...new Set(stepsOf(observed).map(({ rate }) => rate))];
  expect(rates.length).toBeGreaterThan(2);
  rates.slice(1).forEach((rate, i) => expect(rate).toBe(rates[i]! / 2));
});

test('beta follows its schedule in the steps, and the ELBO that is told never has it', async () => {
  const warm = await new ObservedRun().toTheEnd(request({ schedule: { kind: 'warm-up', steps: 8 }, beta: 2 }));
  expect(stepsOf(warm).map(({ beta }) => beta)).toEqual(Array.from({ length: 18 }, (_, i) => 2 * Math.min(1, (i + 1) / 8)));
  for (const { loss } of stepsOf(warm)) expect(loss.elbo).toBe(-(loss.reconstruction + loss.kl!));
  const cyclical = await new ObservedRun().toTheEnd(request({ schedule: { kind: 'cyclical', period: 8, ramp: 0.5 } }));
  expect(stepsOf(cyclical).map(({ beta }) => beta)).toEqual([0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 0, 0.25]);
});

test('a capacity rises to its end in the steps, and the KL of the run ends near it', async () => {
  const nats = 4;
  const led = await new ObservedRun().toTheEnd(request({ epochs: 100, beta: 100, schedule: { kind: 'capacity', nats, steps: 300 } }));
  const steps = stepsOf(led);
  expect(steps.map(({ capacity }) => capacity)).toEqual(steps.map(({ step }) => nats * Math.min(1, step / 300)));
  for (const { beta, loss } of steps) expect([beta, loss.elbo]).toEqual([100, -(loss.reconstruction + loss.kl!)]);
  const epochs = epochsOf(led);
  // Half of the way up after half of the steps that the rise takes: the KL follows.
  for (const [epoch, c] of [[25, 2], [75, 4], [100, 4]] as const) expect(Math.abs(epochs[epoch - 1]!.train.kl! - c)).toBeLessThan(0.3);
  const plain = await new ObservedRun().toTheEnd(request({ epochs: 100, beta: 100 }));
  expect(epochsOf(plain).at(-1)!.train.kl).toBeLessThan(0.5);
});

test('each objective trains to its end with the terms that it has', async () => {
  const plain = { ...plainPractice, epochs: 2 };
  const last = async (spec: Partial<RunSpec>) => (await new ObservedRun().toTheEnd(request({ ...plain, ...spec }))).of('finished')[0]!.last!;
  expect(Object.keys((await last({})).train)).toEqual(['elbo', 'reconstruction', 'kl']);
  const ae = await last({ objective: 'ae' });
  expect([ae.train, ae.test!, ae.klPerDimension]).toEqual([{ reconstruction: expect.any(Number) }, { reconstruction: expect.any(Number) }, []]);
  const dae = await last({ objective: 'dae', noise: { kind: 'mask', p: 0.5 } });
  expect(dae.denoising!.identity).toBeGreaterThan(0);
  expect(dae.denoising!.clean).not.toBe(dae.denoising!.noisy);
  const klOnly = await last({ objective: 'kl-only', epochs: 20 });
  expect(klOnly.test!.kl).toBeLessThan(0.05);
});

test('augmented, corrupted and annealed runs that were interrupted are bitwise those that were not', async () => {
  const spec: Partial<RunSpec> = {
    objective: 'dae', noise: { kind: 'gaussian', sigma: 0.3 }, augment: ['shift', 'flip', 'rotate'], likelihood: { kind: 'gaussian-optimal' }, clipNorm: 5,
  };
  const whole = request(spec);
  await new ObservedRun().toTheEnd(whole);
  const parted = request(spec);
  await runUntil(parted, 8);
  await new ObservedRun().toTheEnd({ ...parted, resume: true });
  expect(timelessMetrics(parted.runDir)).toEqual(timelessMetrics(whole.runDir));
  expect((await endOf(parted.runDir)).tensors).toEqual((await endOf(whole.runDir)).tensors);
});

const likelihoods: readonly LikelihoodSpec[] = [
  { kind: 'bernoulli' }, { kind: 'continuous-bernoulli' }, { kind: 'gaussian', sigma: 0.001 }, { kind: 'gaussian-learned' }, { kind: 'gaussian-optimal' }, { kind: 'logistic' },
];

const isAllFinite = ({ lines }: ObservedRun): boolean =>
  lines.flatMap((line) => (line.kind === 'step' ? [...Object.values(line.loss), line.gradientNorm] : [...Object.values(line.train), ...Object.values(line.denoising ?? {})])).every(Number.isFinite);

const extremes: readonly Partial<RunSpec>[] = [
  { beta: 0 }, { beta: largestBeta }, { beta: largestBeta, schedule: { kind: 'capacity', nats: 1000, steps: 3 } },
  { objective: 'ae' }, { objective: 'dae', noise: { kind: 'mask', p: 1 } }, { objective: 'kl-only', beta: largestBeta },
];

test('equal images train with every objective and the least and the greatest beta on every executor, and every number is finite', async () => {
  const equal = await constantDataset(join(parent, 'equal'), 30, 6);
  for (const executor of installedNative() ? (['onnx', 'tensorflow'] as const) : (['onnx'] as const)) {
    for (const spec of extremes) {
      const observed = await new ObservedRun().toTheEnd({ ...request({ ...spec, executor, epochs: 5 }), datasetDir: equal });
      expect([executor, spec, isAllFinite(observed), stepsOf(observed).every(({ applied }) => applied)]).toEqual([executor, spec, true, true]);
    }
  }
});

test.each(likelihoods)('images that are all equal, and five images, train under the likelihood $kind without a number that is not finite', async (likelihood) => {
  for (const [name, dir] of [
    ['equal', await constantDataset(join(parent, `equal-${likelihood.kind}`), 30, 6)],
    ['five', await tinyDataset(join(parent, `five-${likelihood.kind}`), 5, 6)],
  ] as const) {
    const observed = await new ObservedRun().toTheEnd({ ...request({ likelihood, epochs: 40, batch: 4 }), datasetDir: dir });
    expect([name, isAllFinite(observed), stepsOf(observed).every(({ applied }) => applied)]).toEqual([name, true, true]);
  }
});
