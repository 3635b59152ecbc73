import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMetrics, LossTerms, StepMetrics } from '../../../shared/run.js';
import { RunMetrics } from '../../session/RunMetrics.svelte.js';
import { lossView, readAt, type LossRange } from './lossView.js';

const stepsPerEpoch = 10;
const terms = (reconstruction: number, kl: number): LossTerms => ({ elbo: -(reconstruction + kl), reconstruction, kl });
/** Falls from 540 nats steeply, then slowly, as digits do. */
const steep = (step: number): number => 80 + 460 * Math.exp(-step / 30);

function trained(steps: number, loss = steep): RunMetrics {
  const metrics = new RunMetrics();
  for (let i = 1; i <= steps; i++) {
    const line: StepMetrics = { kind: 'step', step: i, epoch: Math.ceil(i / stepsPerEpoch), loss: terms(loss(i), 20), gradientNorm: 1, applied: true, beta: 1, rate: 0.001 };
    metrics.take([line]);
    if (i % stepsPerEpoch === 0) metrics.take([{ ...epochLine, epoch: i / stepsPerEpoch, step: i, train: line.loss, test: terms(loss(i) + 3, 20) }]);
  }
  return metrics;
}

const epochLine: EpochMetrics = {
  kind: 'epoch', epoch: 1, step: stepsPerEpoch, train: terms(1, 1), test: null, klPerDimension: [20], stepMs: 5, imagesPerSecond: 1000, liveShare: 0, skippedUpdates: 0,
};

const view = (metrics: RunMetrics, range: LossRange = 'all', epochs = 200) => lossView(metrics, { stepsPerEpoch, epochs, range, columns: 200 });

describe('lossView', () => {
  it('keeps the last part readable however steep the first was: it takes most of the height', () => {
    const { yRange, total } = view(trained(600));
    expect(total[0]!).toBeGreaterThan(400);
    expect(yRange[0]).toBe(0);
    expect(yRange[1]).toBeLessThan(150);
    expect(yRange[1]).toBeGreaterThan(total.at(-1)!);
  });

  it('looks at the last third closely: its fall fills the height', () => {
    const { yRange, xRange, now } = view(trained(300, (step) => 100 - step / 100), 'recent');
    expect(xRange[0]).toBeCloseTo((now * 2) / 3);
    expect(xRange[1]).toBe(now);
    expect(yRange[1] - yRange[0]).toBeLessThan(6);
  });

  it('shows what was held out within the chart', () => {
    for (const range of ['all', 'recent'] as const) {
      const { heldOut, yRange } = view(trained(300), range);
      expect(yRange[1]).toBeGreaterThan(heldOut.at(-1)!);
      expect(yRange[0]).toBeLessThan(heldOut.at(-1)!);
    }
  });

  it('gives a young run a good part of the axis, and the axis never ends before the run does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 40 }), (steps, epochs) => {
        const { xRange, now } = view(trained(Math.min(steps, epochs * stepsPerEpoch)), 'all', epochs);
        expect(xRange[1]).toBeGreaterThanOrEqual(now);
        expect(xRange[1]).toBeLessThanOrEqual(epochs);
        expect(now / xRange[1]).toBeGreaterThanOrEqual(0.4);
      }),
      { numRuns: 50 },
    );
  });

  it('places the end of an epoch at its whole number', () => {
    const { heldOutX } = view(trained(50));
    expect([...heldOutX]).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads the nearest column and the nearest held-out epoch', () => {
    const shown = view(trained(50, (step) => step));
    expect(readAt(shown, 2.04)).toEqual({ loss: 40, reconstruction: 20, kl: 20, heldOut: 43 });
    expect(readAt(shown, -1)!.reconstruction).toBe(1);
    expect(readAt(shown, 99)!.reconstruction).toBe(50);
    expect(readAt(view(new RunMetrics()), 1)).toBeNull();
  });

  it('has a range to draw axes in before the first step', () => {
    const { x, xRange, yRange } = view(new RunMetrics());
    expect(x).toHaveLength(0);
    expect(xRange).toEqual([0, 200]);
    expect(yRange).toEqual([0, 1]);
  });

  it('shows all of a density, whose nats can be below 0, and stacks nothing then', () => {
    for (const range of ['all', 'recent'] as const) {
      const { yRange, total, heldOut, isStacked } = view(trained(300, (step) => -900 - step / 10), range);
      expect(yRange[0]).toBeLessThan(total.at(-1)!);
      expect(yRange[1]).toBeGreaterThan(heldOut.at(-1)!);
      expect(isStacked).toBe(false);
    }
    expect(view(trained(300)).isStacked).toBe(true);
  });

  it('stacks nothing where there is one term alone', () => {
    const metrics = new RunMetrics();
    metrics.take([{ kind: 'step', step: 1, epoch: 1, loss: { reconstruction: 80 }, gradientNorm: 1, applied: true, beta: 1, rate: 0.001 }]);
    expect(view(metrics)).toMatchObject({ isStacked: false, total: Float64Array.of(80) });
  });
});
