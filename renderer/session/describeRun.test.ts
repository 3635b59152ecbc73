import { describe, expect, it } from 'vitest';
import type { EpochMetrics, LossTerms, RunState } from '../../shared/run.js';
import { describeRun, type RunFacts } from './describeRun.js';

const terms = (reconstruction: number, kl: number): LossTerms => ({ elbo: -(reconstruction + kl), reconstruction, kl });

function epoch(epoch: number, reconstruction: number, more: Partial<EpochMetrics> = {}): EpochMetrics {
  const train = terms(reconstruction, 20);
  return { kind: 'epoch', epoch, step: epoch * 10, train, test: train, klPerDimension: [10, 10], stepMs: 5, imagesPerSecond: 1000, liveShare: 0.01, skippedUpdates: 0, ...more };
}

function facts(epochs: readonly EpochMetrics[], more: Partial<RunFacts> = {}): RunFacts {
  return { state: 'running', objective: 'vae', schedule: 'constant', planned: epochs.at(-1)?.epoch ?? 0, epochs, epochsDone: epochs.at(-1)?.epoch ?? 0, best: null, keptEpochs: 0, ...more };
}

const falling = [epoch(1, 90), epoch(2, 89), epoch(3, 88), epoch(4, 87), epoch(5, 86), epoch(6, 85.5)];

describe('describeRun', () => {
  it('says how fast the reconstruction still improves, over the last epochs', () => {
    expect(describeRun(facts(falling))).toEqual([{ kind: 'reconstructionFalls', nats: 0.875 }]);
  });

  it('says that the loss has levelled off when it has', () => {
    expect(describeRun(facts([1, 2, 3, 4, 5].map((i) => epoch(i, 80))))).toEqual([{ kind: 'levelled' }]);
  });

  it('says that the loss falls when only the KL term still does', () => {
    const epochs = [1, 2, 3].map((i) => epoch(i, 80, { train: terms(80, 30 - i) }));
    expect(describeRun(facts(epochs))).toEqual([{ kind: 'lossFalls', nats: 1 }]);
  });

  it('says that the loss rises even where the reconstruction improves', () => {
    const epochs = [1, 2, 3].map((i) => epoch(i, 80, { train: terms(80 - i, 20 + 3 * i) }));
    expect(describeRun(facts(epochs))).toEqual([{ kind: 'lossRises', nats: 2 }]);
  });

  it('counts the dimensions whose KL is near zero', () => {
    const epochs = [...falling, epoch(7, 85, { klPerDimension: [3, 0.01, 2, 0, 0.02, 1] })];
    expect(describeRun(facts(epochs)).at(-1)).toEqual({ kind: 'unused', dimensions: 3, latent: 6 });
  });

  it('calls it a collapse when no dimension is used', () => {
    const epochs = [...falling, epoch(7, 85, { klPerDimension: [0.01, 0] })];
    expect(describeRun(facts(epochs)).at(-1)).toEqual({ kind: 'collapsed', latent: 2 });
    expect(describeRun(facts(epochs, { schedule: 'capacity' })).at(-1)).toEqual({ kind: 'collapsedBelowCapacity', latent: 2 });
  });

  it('warns of learning by heart once held out gets worse while training gets better', () => {
    const heldOut = [110, 105, 100, 103, 106, 109, 112, 115];
    const epochs = heldOut.map((loss, i) => epoch(i + 1, 90 - i, { test: terms(loss - 20, 20) }));
    const best = { epoch: 3, heldOut: 100, train: 108 };
    expect(describeRun(facts(epochs.slice(0, 7), { best }))[0]!.kind).toBe('reconstructionFalls');
    expect(describeRun(facts(epochs, { best }))[0]).toEqual({ kind: 'byHeart', since: 3, hasBeta: true });
  });

  it('puts what is wrong before the trend: not a number, skipped updates', () => {
    expect(describeRun(facts([...falling, epoch(7, NaN)]))[0]).toEqual({ kind: 'broken' });
    expect(describeRun(facts([...falling, epoch(7, 85, { skippedUpdates: 2 })]))[0]).toEqual({ kind: 'skipped', updates: 2 });
  });

  it('no longer speaks of skipped updates when an epoch passed without any', () => {
    const epochs = [...falling, epoch(7, 85, { skippedUpdates: 2 }), epoch(8, 84, { skippedUpdates: 2 })];
    expect(describeRun(facts(epochs))[0]!.kind).toBe('reconstructionFalls');
  });

  it.each<[RunState, string]>([
    ['idle', 'preparing'],
    ['preparing', 'preparing'],
    ['running', 'firstEpochs'],
    ['paused', 'paused'],
    ['stopping', 'stopping'],
    ['stopped', 'stopped'],
    ['finished', 'finished'],
    ['failed', 'failed'],
  ])('has a sentence before the first epoch: %s', (state, kind) => {
    expect(describeRun(facts([], { state }))).toMatchObject([{ kind }]);
  });

  it('says what became of the dimensions when it is over', () => {
    const epochs = [...falling, epoch(7, 85, { klPerDimension: [3, 0.01] })];
    expect(describeRun(facts(epochs, { state: 'finished' }))).toEqual([
      { kind: 'finished', epoch: 7 },
      { kind: 'unused', dimensions: 1, latent: 2 },
    ]);
  });

  it('names the epoch that a failed run goes on from', () => {
    expect(describeRun(facts(falling, { state: 'failed', keptEpochs: 4 }))).toEqual([{ kind: 'failed', epoch: 6, kept: 4 }]);
  });

  it('never says more than two things', () => {
    const states: RunState[] = ['running', 'paused', 'stopped', 'finished', 'failed'];
    const worst = [...falling, epoch(7, NaN, { klPerDimension: [0, 0], skippedUpdates: 3 })];
    for (const state of states) expect(describeRun(facts(worst, { state })).length).toBeLessThanOrEqual(2);
  });

  it('says that a run has ended early, and at which epoch it was best', () => {
    const best = { epoch: 3, heldOut: 100, train: 108 };
    expect(describeRun(facts(falling, { state: 'finished', planned: 20, best }))[0]).toEqual({ kind: 'endedEarly', epoch: 6, best: 3 });
    expect(describeRun(facts(falling, { state: 'finished', planned: 6, best }))[0]).toEqual({ kind: 'finished', epoch: 6 });
    expect(describeRun(facts(falling, { state: 'stopped', planned: 20, best }))[0]).toEqual({ kind: 'stopped', epoch: 6 });
  });

  it('has nothing to say of dimensions or of beta in an autoencoder, which has neither KL nor ELBO', () => {
    const plain = (i: number, heldOut: number): EpochMetrics => epoch(i, 0, { train: { reconstruction: 90 - i }, test: { reconstruction: heldOut }, klPerDimension: [] });
    const epochs = [110, 105, 100, 103, 106, 109, 112, 115].map((loss, i) => plain(i + 1, loss));
    expect(describeRun(facts(epochs.slice(0, 3), { objective: 'ae' }))).toEqual([{ kind: 'reconstructionFalls', nats: 1 }]);
    const best = { epoch: 3, heldOut: 100, train: 87 };
    expect(describeRun(facts(epochs, { objective: 'ae', best }))).toEqual([{ kind: 'byHeart', since: 3, hasBeta: false }]);
  });

  it('says what part of the noise a denoising autoencoder leaves, and when it does worse than doing nothing', () => {
    const noised = (noisy: number) => falling.map((line) => ({ ...line, klPerDimension: [], denoising: { clean: 0.01, noisy, identity: 0.08 } }));
    expect(describeRun(facts(noised(0.02), { objective: 'dae' })).at(-1)).toEqual({ kind: 'denoises', left: 0.25 });
    expect(describeRun(facts(noised(0.09), { objective: 'dae' })).at(-1)).toEqual({ kind: 'worseThanNoise' });
  });

  it('judges the KL term alone by itself: what becomes of the reconstruction is nobody\'s aim', () => {
    const epochs = [1, 2, 3].map((i) => epoch(i, 100 + 50 * i, { train: terms(100 + 50 * i, 20 - 4 * i), klPerDimension: [0.001, 0.002] }));
    expect(describeRun(facts(epochs, { objective: 'kl-only' }))).toEqual([{ kind: 'klFalls', nats: 4 }, { kind: 'collapsedAsAsked', latent: 2 }]);
  });

  it('reads a falling density, whose nats are below 0, as it reads any other loss', () => {
    const epochs = [1, 2, 3].map((i) => epoch(i, -900 - 10 * i));
    expect(describeRun(facts(epochs))).toEqual([{ kind: 'reconstructionFalls', nats: 10 }]);
    const flat = [1, 2, 3].map((i) => epoch(i, -900));
    expect(describeRun(facts(flat))).toEqual([{ kind: 'levelled' }]);
    const worse = epoch(9, -950, { test: terms(-880, 20) });
    expect(describeRun(facts([...epochs, worse], { best: { epoch: 3, heldOut: -910, train: -910 } }))[0]).toMatchObject({ kind: 'byHeart' });
  });
});
