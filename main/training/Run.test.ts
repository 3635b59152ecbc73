import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomKey, randomUniform } from '../../shared/random.js';
import type { EpochMetrics, RunState, StepMetrics } from '../../shared/run.js';
import { bare } from '../../shared/sentence.js';
import { readJsonLines } from '../projects/jsonLines.js';
import { readRunFile, runPaths } from '../projects/runFile.js';
import { decodeSafetensors } from '../projects/safetensors.js';
import { Run } from './Run.js';
import { endOf, ObservedRun, requestIn, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let dataset: string;
let runs = 0;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-run-'));
  dataset = await tinyDataset(parent, 50, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

const request = (spec = tinySpec, datasetDir = dataset) => requestIn(parent, datasetDir, spec, `run${++runs}`);
const endless = { ...tinySpec, epochs: 100_000 };

/** The states that may follow each state. */
const successors: Readonly<Record<RunState, readonly RunState[]>> = {
  idle: ['preparing'],
  preparing: ['running', 'stopping', 'failed'],
  running: ['paused', 'stopping', 'finished', 'failed'],
  paused: ['running', 'stopping', 'finished', 'failed'],
  stopping: ['stopped', 'failed'],
  stopped: [],
  finished: [],
  failed: [],
};

function expectLegal(states: readonly RunState[]): void {
  ['idle' as const, ...states].forEach((state, i, all) => {
    const next = all[i + 1];
    if (next) expect(successors[state], `${state} -> ${next}`).toContain(next);
  });
}

test('a run goes from preparing over running to finished, and says so last', async () => {
  const { states, events } = await new ObservedRun().toTheEnd(request());
  expect(states).toEqual(['preparing', 'running', 'finished']);
  expect(events.at(-1)).toMatchObject({ kind: 'finished', state: 'finished', step: 18, last: { epoch: 3, step: 18 } });
});

test('start tells the steps of an epoch and the parameters of the model', async () => {
  const { run } = new ObservedRun();
  const started = await run.start(request());
  // 36-16-2: two heads and both halves.
  expect(started).toMatchObject({ ok: true, value: { step: 0, stepsPerEpoch: 6, parameters: 37 * 16 + 2 * 17 * 2 + 3 * 16 + 17 * 36 } });
  expect(await run.stop()).toEqual({ ok: true, value: 'stopped' });
});

test('before its start and after its end a run refuses every call as busy', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  const calls = [() => run.pause(), () => run.resume(), () => run.step(), () => run.stop(), () => run.setBeta(1), () => run.setRate(1)];
  for (const call of calls) expect(await call()).toMatchObject({ ok: false, error: { code: 'busy' } });
  await observed.toTheEnd(request());
  for (const call of [...calls, () => run.start(request())]) expect(await call()).toMatchObject({ ok: false, error: { code: 'busy' } });
});

test('paused, a run makes exactly the steps that are asked for, one by one or at once', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  await run.start(request(endless));
  expect(await run.step()).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(await run.pause()).toEqual({ ok: true, value: 'paused' });
  const before = observed.of('state').at(-1)!.step;
  expect(await run.step()).toEqual({ ok: true, value: 'paused' });
  expect(await Promise.all([run.step(), run.step(), run.step()])).toEqual(new Array(3).fill({ ok: true, value: 'paused' }));
  const file = runPaths(join(parent, `run${runs}`)).metrics;
  await run.stop();
  expect(readJsonLines(file, 0).lines.filter((line) => (line as StepMetrics).kind === 'step')).toHaveLength(before + 4);
  expectLegal(observed.states);
});

test('single steps that were asked for and not made are forgotten once the run goes on', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  await run.start(request(endless));
  await run.pause();
  const answers = await Promise.all([run.step(), run.step(), run.step(), run.resume()]);
  expect(answers.at(-1)).toEqual({ ok: true, value: 'running' });
  await run.pause();
  const paused = observed.of('state').at(-1)!.step;
  await run.step();
  await run.stop();
  expect(observed.of('finished')[0]!.step).toBe(paused + 1);
});

test('the step that ends a paused run answers finished', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  await run.start(request({ ...tinySpec, epochs: 1 }));
  await run.pause();
  const left = 6 - observed.of('state').at(-1)!.step;
  const answers = [];
  for (let i = 0; i < left; i++) answers.push(await run.step());
  expect(answers.at(-1)).toEqual({ ok: true, value: 'finished' });
  expect(observed.of('finished')).toHaveLength(1);
});

test('whatever is asked at whatever time, states follow one another as they may and every call is answered', async () => {
  for (let trial = 0; trial < 6; trial++) {
    const observed = new ObservedRun();
    const { run } = observed;
    const draw = (i: number) => randomUniform(randomKey(31, trial), i);
    const calls = [() => run.pause(), () => run.resume(), () => run.step(), () => run.setBeta(2), () => run.setRate(0.001), () => run.start(request(endless))];
    const answers: Promise<{ readonly ok: boolean }>[] = [run.start(request(endless))];
    for (let i = 0; i < 40; i++) {
      answers.push(calls[Math.floor(draw(2 * i) * calls.length)]!());
      if (draw(2 * i + 1) < 0.5) await new Promise((resolve) => setTimeout(resolve, draw(2 * i + 1) * 20));
    }
    answers.push(run.stop());
    await Promise.all(answers);
    expectLegal(observed.states);
    expect(observed.states.at(-1)).toBe('stopped');
    expect(observed.events.at(-1)).toMatchObject({ kind: 'finished', state: 'stopped' });
  }
});

test('stop during the preparation stops before the first step', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  const [started, stopped] = await Promise.all([run.start(request()), run.stop()]);
  expect(started).toMatchObject({ ok: true, value: { step: 0 } });
  expect(stopped).toEqual({ ok: true, value: 'stopped' });
  expect(observed.states).toEqual(['preparing', 'stopping', 'stopped']);
  expect((await endOf(join(parent, `run${runs}`))).state).toMatchObject({ step: 0, metricsLines: 0 });
});

test('beta and rate hold from the next step on and stand in run.json with that step', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  const asked = request(endless);
  await run.start(asked);
  await run.pause();
  const step = observed.of('state').at(-1)!.step;
  expect(await run.setBeta(0.5)).toEqual({ ok: true, value: 'paused' });
  expect(await run.setRate(0.003)).toEqual({ ok: true, value: 'paused' });
  await run.step();
  await run.setBeta(0);
  await run.step();
  await run.stop();
  const steps = readJsonLines(runPaths(asked.runDir).metrics, 0).lines.filter((line) => (line as StepMetrics).kind === 'step') as StepMetrics[];
  expect(steps.slice(step - 1).map(({ beta, rate }) => [beta, rate])).toEqual([[1, 0.01], [0.5, 0.003], [0, 0.003]]);
  const file = await readRunFile(asked.runDir);
  expect(file.ok && file.value.changes).toEqual([{ step: step + 1, beta: 0.5, rate: 0.003 }, { step: step + 2, beta: 0 }]);
});

test('what is changed while a step is in progress holds from the next one on, in the metrics and in run.json alike', async () => {
  const observed = new ObservedRun();
  const { run } = observed;
  const asked = request(endless);
  await run.start(asked);
  for (let beta = 2; beta < 12; beta++) {
    await run.setBeta(beta);
    await new Promise((resolve) => setTimeout(resolve, 7));
  }
  await run.stop();
  const steps = readJsonLines(runPaths(asked.runDir).metrics, 0).lines.filter((line) => (line as StepMetrics).kind === 'step') as StepMetrics[];
  const file = await readRunFile(asked.runDir);
  if (!file.ok) throw new Error(file.error.message);
  const recorded = new Map(file.value.changes.map(({ step, beta }) => [step, beta]));
  let inForce: number | undefined = 1;
  for (const { step, beta } of steps) {
    inForce = recorded.get(step) ?? inForce;
    expect(beta).toBe(inForce);
  }
});

test('a beta or rate that no run can have is refused and changes nothing', async () => {
  const { run } = new ObservedRun();
  const asked = request(endless);
  await run.start(asked);
  for (const call of [() => run.setBeta(-1), () => run.setBeta(NaN), () => run.setRate(0), () => run.setRate(Infinity)]) {
    expect(await call()).toMatchObject({ ok: false, error: { code: 'usage' } });
  }
  await run.stop();
  expect(await readRunFile(asked.runDir)).toMatchObject({ ok: true, value: { changes: [] } });
});

test('the metrics that are told are those of the file, in order, with the cursor after each batch', async () => {
  const asked = request();
  const observed = await new ObservedRun().toTheEnd(asked);
  const { lines } = readJsonLines(runPaths(asked.runDir).metrics, 0);
  expect(observed.lines).toEqual(lines);
  let told = 0;
  for (const { cursor, lines: batch } of observed.of('metrics')) expect(cursor).toBe((told += batch.length));
  expect(lines.map((line) => (line as { step: number; kind: string }).step)).toEqual([1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18]);
});

test('an epoch is the mean over its images of what its steps say, the short batch weighted by its rows', async () => {
  const observed = await new ObservedRun().toTheEnd(request({ ...tinySpec, epochs: 1 }));
  const steps = observed.lines.filter((line): line is StepMetrics => line.kind === 'step');
  const epoch = observed.lines.find((line): line is EpochMetrics => line.kind === 'epoch')!;
  const rows = [8, 8, 8, 8, 8, 5];
  const mean = (of: (step: StepMetrics) => number) => steps.reduce((sum, step, i) => sum + of(step) * rows[i]!, 0) / 45;
  expect(epoch.train.reconstruction).toBeCloseTo(mean(({ loss }) => loss.reconstruction), 9);
  expect(epoch.train.kl).toBeCloseTo(mean(({ loss }) => loss.kl!), 9);
  expect(epoch.train.elbo).toBe(-(epoch.train.reconstruction + epoch.train.kl!));
  expect(epoch.klPerDimension.reduce((a, b) => a + b)).toBeCloseTo(epoch.train.kl!, 4);
  expect(epoch.test!.elbo).toBe(-(epoch.test!.reconstruction + epoch.test!.kl!));
});

test('the last snapshot holds the weights of the last checkpoint, and every item has been shown with its mean', async () => {
  const asked = request({ ...tinySpec, epochs: 1 });
  const observed = await new ObservedRun().toTheEnd(asked);
  const snapshot = observed.of('snapshot').at(-1)!;
  const decoded = decodeSafetensors(snapshot.weights);
  if (!decoded.ok) throw new Error(decoded.error.message);
  const { tensors } = await endOf(asked.runDir);
  expect(decoded.value.tensors.size).toBe(10);
  for (const [name, { values }] of decoded.value.tensors) expect(values).toEqual(tensors.get(name)!.values);
  const shown = new Set(observed.of('means').flatMap(({ items }) => [...items]));
  expect(shown.size).toBe(50);
  for (const { items, means } of observed.of('means')) {
    expect(means).toHaveLength(items.length * 2);
    expect(means.every(Number.isFinite)).toBe(true);
  }
});

test('an update whose gradient is not finite is skipped, counted and said once, and the weights stay finite', async () => {
  // The weights after a first step with this rate are finite; the gradients that they have are not.
  const asked = request({ ...tinySpec, epochs: 3, rate: 1e25, batch: 45 });
  const observed = await new ObservedRun().toTheEnd(asked);
  const steps = observed.lines.filter((line): line is StepMetrics => line.kind === 'step');
  expect(steps.map(({ applied }) => applied)).toEqual([true, false, false]);
  expect(observed.lines.at(-1)).toMatchObject({ kind: 'epoch', skippedUpdates: 2 });
  const notices = observed.of('notice').filter(({ message }) => message.includes('skipped'));
  expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining('The update of step 2 was skipped') as string]);
  for (const { values } of (await endOf(asked.runDir)).tensors.values()) expect(values.every(Number.isFinite)).toBe(true);
});

test('without held-out images there is no test part, and a notice says what that means', async () => {
  const few = await tinyDataset(join(parent, 'few'), 12, 6);
  const observed = await new ObservedRun().toTheEnd(request({ ...tinySpec, epochs: 1 }, few));
  expect(observed.of('finished')[0]!.last).toMatchObject({ test: null });
  expect(observed.of('notice').map(({ message }) => message).join()).toContain('No image is held out');
});

test('a dataset that is not there fails the start, and the folder of the run stays empty', async () => {
  const observed = new ObservedRun();
  const asked = request(tinySpec, join(parent, 'nowhere'));
  expect(await observed.run.start(asked)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(observed.states).toEqual(['preparing', 'failed']);
  expect(readdirSync(asked.runDir)).toEqual([]);
});

test('settings that cannot be trained fail the start as usage', async () => {
  const wrong = [
    { ...tinySpec, epochs: 0 },
    { ...tinySpec, batch: 0 },
    { ...tinySpec, seed: -1 },
    { ...tinySpec, model: { ...tinySpec.model, latent: 40 } },
    { ...tinySpec, model: { ...tinySpec.model, format: { width: 7, height: 6, channels: 1 as const } } },
  ];
  for (const spec of wrong) {
    const asked = request(spec);
    expect(await new ObservedRun().run.start(asked)).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(readdirSync(asked.runDir)).toEqual([]);
  }
});

test('images that vanish while a run goes on fail it with a sentence, in run.json too, and its checkpoint stays', async () => {
  const vanishing = await tinyDataset(join(parent, 'vanishing'), 50, 6);
  const observed = new ObservedRun();
  const asked = request(endless, vanishing);
  await observed.run.start(asked);
  await observed.run.pause();
  truncateSync(join(vanishing, 'images.u8'), 10);
  void observed.run.resume();
  await observed.heard('failed');
  expect(observed.of('failed')[0]!.failure).toMatchObject({ code: 'bad-data', message: expect.stringContaining(vanishing) as string });
  expect(observed.states.at(-1)).toBe('failed');
  const file = await readRunFile(asked.runDir);
  expect(file).toMatchObject({ ok: true, value: { state: 'failed', failure: bare(observed.of('failed')[0]!.failure) } });
  expect((await endOf(asked.runDir)).state.step).toBeGreaterThan(0);
});

test('a folder that vanishes under a run fails it with a sentence', async () => {
  const observed = new ObservedRun();
  const asked = request(endless);
  await observed.run.start(asked);
  await observed.run.pause();
  rmSync(asked.runDir, { recursive: true });
  expect(await observed.run.stop()).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(observed.events.at(-1)).toMatchObject({ kind: 'failed', failure: { code: 'not-found' } });
});

test('a checkpoint that cannot be written fails the run with a sentence, and run.json says so', async () => {
  const observed = new ObservedRun();
  const asked = request(endless);
  writeFileSync(runPaths(asked.runDir).checkpoints, 'in the way');
  await observed.run.start(asked);
  expect(await observed.run.pause()).toMatchObject({ ok: false, error: { message: expect.stringContaining(asked.runDir) as string } });
  expect(await readRunFile(asked.runDir)).toMatchObject({ ok: true, value: { state: 'failed', step: 0 } });
});

test('a run that is disposed of says nothing more and lets its folder be removed', async () => {
  const observed = new ObservedRun();
  const asked = request(endless);
  await observed.run.start(asked);
  observed.run.dispose();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const said = observed.events.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(observed.events).toHaveLength(said);
  expect(observed.states).toEqual(['preparing', 'running']);
  rmSync(asked.runDir, { recursive: true });
});

test('a listener that never takes what it is sent does not stop the run', async () => {
  const ended = new Promise<RunState>((resolve) => {
    const run = new Run({ isSending: () => true, emit: (event) => (event.kind === 'finished' ? resolve(event.state) : undefined) });
    void run.start(request());
  });
  expect(await ended).toBe('finished');
});

test('what is on its way gets turns of the event loop between two steps until it has gone', async () => {
  let unsent = 0;
  let left = 0;
  const ended = new Promise<void>((resolve) => {
    const run = new Run({
      isSending: () => unsent > 0,
      emit: (event) => {
        if (event.kind === 'finished') resolve();
        if (event.kind !== 'snapshot') return;
        // A snapshot that takes twenty turns to send; nothing of it may be left when the next one comes.
        left += unsent;
        unsent = 20;
        const turn = (): unknown => --unsent > 0 && setImmediate(turn);
        setImmediate(turn);
      },
    });
    void run.start(request());
  });
  await ended;
  expect(left).toBe(0);
});
