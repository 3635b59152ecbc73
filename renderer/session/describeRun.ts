import { isUsed } from '../../shared/latent/usedDimensions.js';
import { isVariational, type KlSchedule, type Objective } from '../../shared/objective.js';
import { lossOf, minimised, type EpochMetrics, type LossTerms, type RunState } from '../../shared/run.js';
import type { BestEpoch } from './RunMetrics.svelte.js';

/** What a sentence about a run is made of. */
export interface RunFacts {
  readonly state: RunState;
  readonly objective: Objective;
  readonly schedule: KlSchedule['kind'];
  /** Epochs that it shall have at most. */
  readonly planned: number;
  /** Epochs that are done. */
  readonly epochsDone: number;
  /** The last of them, oldest first. */
  readonly epochs: readonly EpochMetrics[];
  readonly best: BestEpoch | null;
  /** Epochs that the last checkpoint holds. */
  readonly keptEpochs: number;
}

/** One thing to say about a run; its text is in the catalogue, area `training`. */
export type Clause =
  | { readonly kind: 'preparing' | 'firstEpochs' | 'stopping' | 'levelled' }
  | { readonly kind: 'paused' | 'stopped' | 'finished'; readonly epoch: number }
  /** It ended before its last epoch, because none after `best` was better on the held-out images. */
  | { readonly kind: 'endedEarly'; readonly epoch: number; readonly best: number }
  | { readonly kind: 'failed'; readonly epoch: number; readonly kept: number }
  /** The loss or one of its terms falls, or the loss rises, by so many nats an epoch. */
  | { readonly kind: 'reconstructionFalls' | 'klFalls' | 'lossFalls' | 'lossRises'; readonly nats: number }
  /** Held-out loss has risen since that epoch, while the training loss went on falling. `hasBeta`: a larger one holds the KL down. */
  | { readonly kind: 'byHeart'; readonly since: number; readonly hasBeta: boolean }
  /** The loss is not a number any more. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'skipped'; readonly updates: number }
  | { readonly kind: 'unused'; readonly dimensions: number; readonly latent: number }
  /** No dimension is used at all: a failure, or what was asked for, or what is to be led further. */
  | { readonly kind: 'collapsed' | 'collapsedAsAsked' | 'collapsedBelowCapacity'; readonly latent: number }
  /** Of a denoising autoencoder: part of the noise's squared error that is left, below 1, or not. */
  | { readonly kind: 'denoises'; readonly left: number }
  | { readonly kind: 'worseThanNoise' };

/** Epochs over which a trend is looked at. */
const trendEpochs = 5;
/** Less than this part of the loss an epoch is no trend. */
const leastTrend = 0.0005;
/** As in the trainer's watch: epochs without a better held-out loss, and how far above its best it has to be. */
const patience = 5;
const margin = 0.01;
/** States beside which nothing else matters. */
const speaksAlone: readonly Clause['kind'][] = ['preparing', 'stopping', 'failed'];

/** What goes on in a run: at most two clauses, the more important one first. */
export function describeRun(facts: RunFacts): readonly Clause[] {
  const state = aboutState(facts);
  const last = facts.epochs.at(-1);
  if (!last) return [state ?? { kind: 'firstEpochs' }];
  if (state && speaksAlone.includes(state.kind)) return [state];
  const first = state ?? warning(facts, last) ?? trend(facts, last);
  const second = (state && warning(facts, last)) ?? dimensions(facts, last) ?? denoising(last);
  return second ? [first, second] : [first];
}

function aboutState({ state, objective, epochsDone, keptEpochs, planned, best }: RunFacts): Clause | null {
  switch (state) {
    case 'idle':
    case 'preparing':
      return { kind: 'preparing' };
    case 'running':
      return null;
    case 'stopping':
      return { kind: 'stopping' };
    case 'failed':
      return { kind: 'failed', epoch: epochsDone, kept: keptEpochs };
    case 'finished':
      // The best epoch is that of the whole loss, which is not what the KL term alone is stopped by.
      if (best && epochsDone < planned && objective !== 'kl-only') return { kind: 'endedEarly', epoch: epochsDone, best: best.epoch };
      return { kind: state, epoch: epochsDone };
    case 'paused':
    case 'stopped':
      return { kind: state, epoch: epochsDone };
  }
}

/** What a person should know before anything else. */
function warning({ epochs, best, objective, schedule }: RunFacts, last: EpochMetrics): Clause | null {
  if (!Number.isFinite(lossOf(last.train))) return { kind: 'broken' };
  const before = epochs.at(-2)?.skippedUpdates ?? 0;
  if (last.skippedUpdates > before) return { kind: 'skipped', updates: last.skippedUpdates };
  if (!last.test || !best || last.epoch - best.epoch < patience) return null;
  const risen = lossOf(last.test) > best.heldOut + margin * Math.abs(best.heldOut);
  return risen && lossOf(last.train) < best.train ? { kind: 'byHeart', since: best.epoch, hasBeta: isVariational(objective) && schedule !== 'capacity' } : null;
}

function trend({ epochs, objective }: RunFacts, last: EpochMetrics): Clause {
  const first = epochs.at(-trendEpochs) ?? epochs[0]!;
  if (first === last) return { kind: 'firstEpochs' };
  const perEpoch = (of: (terms: LossTerms) => number): number => (of(first.train) - of(last.train)) / (last.epoch - first.epoch);
  const least = leastTrend * Math.abs(lossOf(last.train));
  const loss = perEpoch((terms) => minimised(objective, terms));
  if (loss < -least) return { kind: 'lossRises', nats: -loss };
  if (objective === 'kl-only') return loss > least ? { kind: 'klFalls', nats: loss } : { kind: 'levelled' };
  const reconstruction = perEpoch((terms) => terms.reconstruction);
  if (reconstruction > least) return { kind: 'reconstructionFalls', nats: reconstruction };
  if (loss > least) return { kind: 'lossFalls', nats: loss };
  return { kind: 'levelled' };
}

function dimensions({ objective, schedule }: RunFacts, { klPerDimension }: EpochMetrics): Clause | null {
  const latent = klPerDimension.length;
  const unused = klPerDimension.filter((kl) => !isUsed(kl)).length;
  if (unused === 0) return null;
  if (unused < latent) return { kind: 'unused', dimensions: unused, latent };
  if (schedule === 'capacity') return { kind: 'collapsedBelowCapacity', latent };
  return { kind: objective === 'kl-only' ? 'collapsedAsAsked' : 'collapsed', latent };
}

function denoising({ denoising }: EpochMetrics): Clause | null {
  if (!denoising) return null;
  const left = denoising.noisy / denoising.identity;
  return left < 1 ? { kind: 'denoises', left } : { kind: 'worseThanNoise' };
}

