import type { RunMetrics } from '../../session/RunMetrics.svelte.js';

/** `all`: from the first step on. `recent`: the last third of what is done, as closely as it can be looked at. */
export type LossRange = 'all' | 'recent';

/** What the loss chart draws. The x axis counts epochs: a step is a part of one. */
export interface LossView {
  /** Columns of the training loss; all arrays of one length, nats an image. */
  readonly x: Float64Array;
  readonly total: Float64Array;
  readonly kl: Float64Array;
  /** Whether the terms stack up to the loss: an autoencoder has one alone, and a density can be above 1 and its term below 0. */
  readonly isStacked: boolean;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Loss on the held-out images at the end of epochs. */
  readonly heldOutX: Float64Array;
  readonly heldOut: Float64Array;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** Epochs done. */
  readonly now: number;
}

/** Numbers at one place of the chart, nats an image. */
export interface LossReading {
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  /** Null when nothing is held out, or no epoch is done. */
  readonly heldOut: number | null;
}

export interface LossViewOptions {
  readonly stepsPerEpoch: number;
  /** Epochs that the run will have. */
  readonly epochs: number;
  readonly range: LossRange;
  /** How many to summarise the steps by. */
  readonly columns: number;
}

/** A run takes at least so much of the axis; it has all of it at its end. */
const leastShare = 0.4;
/** What a run does in its first part is steep, and leaves the chart at the top where it is higher than all that follows. */
const steepPart = 1 / 3;
const headroom = 0.08;

/** What is to be drawn of a run at present. */
export function lossView(metrics: RunMetrics, { stepsPerEpoch, epochs, range, columns }: LossViewOptions): LossView {
  const now = metrics.steps.end / stepsPerEpoch;
  const from = range === 'recent' ? now * (1 - steepPart) : 0;
  const steps = metrics.steps.columns(from * stepsPerEpoch, columns);
  const ends = metrics.heldOut.columns(from, columns);
  const view = {
    x: steps.positions.map((step) => step / stepsPerEpoch),
    total: steps.reconstruction.map((value, i) => value + steps.kl[i]!),
    kl: steps.kl,
    isStacked: steps.kl.some((value) => value !== 0) && steps.reconstruction.every((value) => value >= 0),
    low: steps.low,
    high: steps.high,
    heldOutX: ends.positions,
    heldOut: ends.reconstruction.map((value, i) => value + ends.kl[i]!),
  };
  const xRange: readonly [number, number] = range === 'recent' ? [from, Math.max(now, from + 1 / stepsPerEpoch)] : [0, axisEnd(now, epochs)];
  return { ...view, xRange, yRange: yRange(view, range, range === 'recent' ? from : now * steepPart), now };
}

/** What the chart shows at a place on its x axis: the nearest column and the nearest held-out epoch; null while it is empty. */
export function readAt({ x, total, kl, heldOutX, heldOut }: LossView, at: number): LossReading | null {
  const i = nearest(x, at);
  if (i < 0) return null;
  const j = nearest(heldOutX, at);
  return { loss: total[i]!, reconstruction: total[i]! - kl[i]!, kl: kl[i]!, heldOut: heldOut[j] ?? null };
}

/** Index of the nearest of some ascending values; -1 when there are none. */
function nearest(values: Float64Array, wanted: number): number {
  let i = values.findIndex((value) => value >= wanted);
  if (i < 0) i = values.length - 1;
  return i > 0 && wanted - values[i - 1]! < values[i]! - wanted ? i - 1 : i;
}

/** The axis doubles, seldom, until it reaches the end of the run: a young run is not a line at the edge of an empty chart. */
function axisEnd(now: number, epochs: number): number {
  if (now <= 0) return epochs;
  const doublings = Math.floor(Math.log2(now / leastShare));
  return Math.max(now, Math.min(epochs, 2 ** doublings));
}

function yRange({ x, total, heldOutX, heldOut }: Pick<LossView, 'x' | 'total' | 'heldOutX' | 'heldOut'>, range: LossRange, from: number): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const [positions, values] of [[x, total], [heldOutX, heldOut]] as const) {
    for (let i = 0; i < values.length; i++) {
      if (positions[i]! < from) continue;
      least = Math.min(least, values[i]!);
      most = Math.max(most, values[i]!);
    }
  }
  if (most < least) return [0, 1];
  // Stacked areas stand on zero; a close look does not.
  if (range === 'all' && least >= 0) return [0, Math.max(most * (1 + headroom), 1e-3)];
  const pad = Math.max((most - least) * headroom, Math.abs(most) * 1e-3, 1e-3);
  return [least < 0 ? least - pad : Math.max(0, least - pad), most + pad];
}
