import { describe, expect, it } from 'vitest';
import type { EpochMetrics, LossTerms, StepMetrics } from '../../shared/run.js';
import { RunMetrics } from './RunMetrics.svelte.js';

const terms = (reconstruction: number, kl: number): LossTerms => ({ elbo: -(reconstruction + kl), reconstruction, kl });

function step(step: number): StepMetrics {
  return { kind: 'step', step, epoch: Math.ceil(step / 10), loss: terms(100, 20), gradientNorm: 1, applied: true, beta: 1, rate: 0.001 };
}

function epoch(epoch: number, heldOut: number | null): EpochMetrics {
  return {
    kind: 'epoch',
    epoch,
    step: epoch * 10,
    train: terms(100, 20),
    test: heldOut === null ? null : terms(heldOut - 20, 20),
    klPerDimension: [10, 10],
    stepMs: 5,
    imagesPerSecond: 1000,
    liveShare: 0.01,
    skippedUpdates: 0,
  };
}

describe('RunMetrics', () => {
  it('keeps as much after ten thousand epochs as after a hundred', () => {
    const metrics = new RunMetrics();
    const sizes = [100, 10_000].map((until) => {
      for (let i = (metrics.epochs.at(-1)?.epoch ?? 0) + 1; i <= until; i++) {
        metrics.take([...Array.from({ length: 10 }, (_, k) => step((i - 1) * 10 + k + 1)), epoch(i, 130)]);
      }
      return { epochs: metrics.epochs.length, steps: metrics.steps.columns(0, Infinity).positions.length, heldOut: metrics.heldOut.columns(0, Infinity).positions.length };
    });
    expect(sizes[0]).toEqual({ epochs: 32, steps: 1000, heldOut: 100 });
    expect(sizes[1]!.epochs).toBe(32);
    expect(sizes[1]!.steps).toBeLessThanOrEqual(2048);
    expect(sizes[1]!.heldOut).toBeLessThanOrEqual(512);
    expect(metrics.epochs.at(-1)!.epoch).toBe(10_000);
    expect(metrics.lastStep!.step).toBe(100_000);
  });

  it('remembers the best epoch on the held-out images, long after its line is gone', () => {
    const metrics = new RunMetrics();
    for (let i = 1; i <= 200; i++) metrics.take([epoch(i, i === 7 ? 110 : 130)]);
    expect(metrics.best).toEqual({ epoch: 7, heldOut: 110, train: 120 });
    expect(metrics.epochs[0]!.epoch).toBeGreaterThan(7);
  });

  it('has no best epoch while nothing was held out, or nothing that is a number', () => {
    const metrics = new RunMetrics();
    metrics.take([epoch(1, null), epoch(2, NaN)]);
    expect(metrics.best).toBeNull();
  });
});
