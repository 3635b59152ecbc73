import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createExecutor } from '../main/compute/createExecutor.js';
import { importDataset } from '../main/datasets/importDataset.js';
import { buildModel } from '../main/models/buildModel.js';
import { trainProgram } from '../main/training/programs.js';
import { Run } from '../main/training/Run.js';
import type { TrainerEvent } from '../shared/contract/trainer.js';
import { FailureError } from '../shared/failure.js';
import type { ExecutorName, ModelSpec } from '../shared/model.js';
import { plainPractice } from '../shared/objective.js';
import { fillNormal, randomBits, randomKey } from '../shared/random.js';
import type { EpochMetrics, RunSpec } from '../shared/run.js';
import { against, median, type Report } from './figure.js';
import { gemmPeak } from './gemmPeak.js';
import { Peer } from './peer.js';
import { measureParts } from './stepParts.js';

const batch = 128;
const rounds = 8;

/** The models of the bench: those of peers/keras_step.py, with the multiplications of one image's way through the first layer and the others. */
const models = {
  dense: { hidden: [512], stepsPerRound: 100, first: 784 * 512, others: 512 * 32 + 16 * 512 + 512 * 784 },
  conv: {
    hidden: [128],
    stepsPerRound: 30,
    first: 14 * 14 * 9 * 32,
    others: 7 * 7 * 9 * 32 * 64 + 3136 * 128 + 128 * 32 + 16 * 3136 + 7 * 7 * 9 * 64 * 64 + 14 * 14 * 9 * 64 * 32 + 28 * 28 * 9 * 32,
  },
} as const;

/** At most, ours divided by Keras in graph mode. */
const limits: Readonly<Record<ExecutorName, Readonly<Record<'dense' | 'conv', number | null>>>> = {
  tensorflow: { dense: 0.5, conv: 0.75 },
  onnx: { dense: 0.8, conv: 0.95 },
  webgpu: { dense: null, conv: null },
  eager: { dense: null, conv: null },
};

/**
 * One train step within the real training loop (read, noise, feed, step, metrics), in turn with Keras `fit`; further the cost of
 * the loop around the compiled step, of compiling, and the share of the machine's matrix-product peak.
 */
export async function benchStep(kind: 'dense' | 'conv', executor: ExecutorName, report: Report): Promise<void> {
  const { hidden, stepsPerRound, first, others } = models[kind];
  const spec: ModelSpec = { kind, format: { width: 28, height: 28, channels: 1 }, latent: 16, hidden };
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  const peer = await Peer.start('keras_step.py', [kind]);
  try {
    const datasetDir = await randomImages(folder, stepsPerRound * batch);
    const peak = await gemmPeak();
    const alone = await compileAlone(spec, executor);
    const ours: number[] = [];
    const theirs: number[] = [];
    const bare: number[] = [];
    const live: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const { loopMs, liveShare } = await loopRound(join(folder, `run${round}`), datasetDir, spec, executor);
      const bareMs = await alone.measure(stepsPerRound);
      const peerMs = (await peer?.measure(stepsPerRound)) ?? NaN;
      if (round === 0) continue; // warm-up
      ours.push(loopMs);
      bare.push(bareMs);
      live.push(liveShare);
      theirs.push(peerMs);
    }
    const parts = await measureParts(alone.program, alone.feeds, datasetDir, batch, executor);
    alone.dispose();
    const medianMs = median(ours);
    const atMost = limits[executor][kind];
    // Two operations a multiplication, forward once and backward twice; of the first layer's input there is no gradient.
    const gflop = ((2 * first + 3 * others) * batch * 2) / 1e9;
    const gflops = gflop / (medianMs / 1000);
    const ratio = peer ? median(ours.map((ms, i) => ms / theirs[i]!)) : null;
    // Showing the run (snapshots, means) has a budget of its own, and is reported beside.
    const overhead = Math.max(0, median(ours.map((ms, i) => 1 - bare[i]! / ms - live[i]!)));
    report(
      {
        bench: 'step', executor, model: kind, batch, medianMs, minMs: Math.min(...ours), stepAloneMs: median(bare), loopOverhead: overhead, liveShare: median(live),
        gflops, gemmPeak: peak, peakShare: gflops / peak, compileMs: alone.compileMs, firstRunMs: alone.firstRunMs, ...parts, keras: peer ? median(theirs) : null, ratio, atMost,
      },
      `${kind} step, ${executor}: ${medianMs.toFixed(2)} ms in the loop, to Keras graph ${against(ratio, atMost)}; ` +
        `loop overhead ${(100 * overhead).toFixed(1)} % (at most 5), showing the run ${(100 * median(live)).toFixed(1)} %, compile ${alone.compileMs.toFixed(0)} ms (at most 300), first run ${alone.firstRunMs.toFixed(0)} ms, ` +
        `${gflops.toFixed(0)} GFLOP/s, ${((100 * gflops) / peak).toFixed(0)} % of the ${peak.toFixed(0)} of a product of 1024 x 1024 matrices; ` +
        `read ${us(parts.readMs)} and noise ${us(parts.noiseMs)} on another thread, feed ${us(parts.feedMs)}, call ${us(parts.callMs)}, fetch ${us(parts.fetchMs)}`,
    );
  } finally {
    peer?.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds a step in the second epoch of a fresh run over the dataset, the whole loop counted, and what share of it went into showing the run. */
async function loopRound(runDir: string, datasetDir: string, model: ModelSpec, executor: ExecutorName): Promise<{ loopMs: number; liveShare: number }> {
  const last = await trainThrough(runDir, datasetDir, { model, epochs: 2, executor }, () => undefined);
  return { loopMs: (1000 * batch) / last.imagesPerSecond, liveShare: last.liveShare };
}

/** Trains in this process, as a trainer does, and returns the last epoch. */
async function trainThrough(
  runDir: string,
  datasetDir: string,
  spec: Pick<RunSpec, 'model' | 'epochs' | 'executor'>,
  onStep: (step: number) => void,
): Promise<EpochMetrics> {
  let settle: (event: TrainerEvent & { kind: 'finished' | 'failed' }) => void;
  const ended = new Promise<TrainerEvent & { kind: 'finished' | 'failed' }>((resolve) => (settle = resolve));
  const emit = (event: TrainerEvent): void => {
    if (event.kind === 'metrics') onStep(event.lines.at(-1)!.step);
    if (event.kind === 'finished' || event.kind === 'failed') settle(event);
  };
  const run = new Run({ emit });
  mkdirSync(runDir);
  const started = await run.start({ runDir, datasetDir, spec: { ...plainPractice, ...spec, batch, beta: 1, rate: 1e-3, seed: 0 }, resume: false });
  if (!started.ok) throw new FailureError(started.error);
  const event = await ended;
  run.dispose();
  if (event.kind === 'failed') throw new FailureError(event.failure);
  return event.last!;
}

/** Growth of this process's resident memory between two steps of a long run; the bench names it alone, so that nothing else grows beside it. */
export async function benchGrowth(kind: 'dense' | 'conv', executor: ExecutorName, report: Report): Promise<void> {
  const [from, to] = [500, 5000];
  // A checkpoint or a snapshot may be on its way at any moment: what counts is the median around each step.
  const around = 200;
  const { hidden, stepsPerRound } = models[kind];
  const spec: ModelSpec = { kind, format: { width: 28, height: 28, channels: 1 }, latent: 16, hidden };
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  const collectGarbage = garbageCollector();
  const early: number[] = [];
  const late: number[] = [];
  try {
    const datasetDir = await randomImages(folder, stepsPerRound * batch);
    await trainThrough(join(folder, 'run'), datasetDir, { model: spec, epochs: Math.ceil((to + around) / stepsPerRound), executor }, (step) => {
      const readings = Math.abs(step - from) <= around ? early : Math.abs(step - to) <= around ? late : null;
      if (!readings) return;
      collectGarbage();
      readings.push(process.memoryUsage.rss());
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [earlyBytes, lateBytes] = [median(early), median(late)];
  const growth = lateBytes / earlyBytes - 1;
  report(
    { bench: 'growth', executor, model: kind, from, to, earlyBytes, lateBytes, growth, atMost: 0.02 },
    `Resident memory of ${kind}, ${executor}: ${megabytes(earlyBytes)} at step ${from}, ${megabytes(lateBytes)} at step ${to}, ${(100 * growth).toFixed(1)} % more (at most 2)`,
  );
}

/** V8 hands its collector out to code that is compiled after it was told to. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function us(ms: number): string {
  return `${(1000 * ms).toFixed(0)} µs`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** The compiled step with the same feeds again and again: what is left when the loop costs nothing. */
async function compileAlone(spec: ModelSpec, executor: ExecutorName) {
  const model = buildModel({ ...plainPractice, model: spec }, 0);
  const session = await createExecutor(executor).open(model.variables);
  const started = performance.now();
  const program = await session.compile(trainProgram(model, batch));
  const compileMs = performance.now() - started;
  const noise = new Float32Array(batch * spec.latent);
  fillNormal(noise, randomKey(1));
  const feeds = {
    images: Uint8Array.from({ length: batch * 784 }, (_, i) => randomBits(7, i)),
    rowWeights: new Float32Array(batch).fill(1),
    noise,
    beta: Float32Array.of(1),
    rate: Float32Array.of(1e-3),
  };
  const began = performance.now();
  await program.run(feeds);
  const firstRunMs = performance.now() - began;
  return {
    program,
    feeds,
    compileMs,
    firstRunMs,
    async measure(steps: number): Promise<number> {
      const begin = performance.now();
      for (let i = 0; i < steps; i++) await program.run(feeds);
      return (performance.now() - begin) / steps;
    },
    dispose() {
      program.dispose();
      session.dispose();
      model.dispose();
    },
  };
}

/** An IDX file of random images, imported; a held-out tenth comes on top. */
async function randomImages(folder: string, training: number): Promise<string> {
  const count = Math.ceil((training * 10) / 9);
  const idx = Buffer.alloc(16 + count * 784);
  for (const [at, value] of [2051, count, 28, 28].entries()) idx.writeUInt32BE(value, at * 4);
  for (let i = 16; i < idx.length; i++) idx[i] = randomBits(3, i);
  const file = join(folder, 'images-idx3-ubyte');
  writeFileSync(file, idx);
  const target = join(folder, 'dataset');
  const imported = await importDataset({ source: { kind: 'paths', paths: [file] }, size: 'auto', channels: 'auto', seed: 0 }, target, {});
  if (!imported.ok) throw new FailureError(imported.error);
  return target;
}
