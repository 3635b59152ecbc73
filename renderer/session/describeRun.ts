import { isUsed } from '../../shared/latent/usedDimensions.js';
import { lossOf, type EpochMetrics, type LossTerms, type RunState } from '../../shared/run.js';
import type { BestEpoch } from './RunMetrics.svelte.js';

/** What a sentence about a run is made of. */
export interface RunFacts {
  readonly state: RunState;
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
  | { readonly kind: 'failed'; readonly epoch: number; readonly kept: number }
  /** The loss or its reconstruction term falls, or the loss rises, by so many nats an epoch. */
  | { readonly kind: 'reconstructionFalls' | 'lossFalls' | 'lossRises'; readonly nats: number }
  /** Held-out loss has risen since that epoch, while the training loss went on falling. */
  | { readonly kind: 'byHeart'; readonly since: number }
  /** The loss is not a number any more. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'skipped'; readonly updates: number }
  | { readonly kind: 'unused'; readonly dimensions: number; readonly latent: number }
  /** No dimension is used at all. */
  | { readonly kind: 'collapsed'; readonly latent: number };

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
  const first = state ?? warning(facts, last) ?? trend(facts.epochs, last);
  const second = (state && warning(facts, last)) ?? dimensions(last);
  return second ? [first, second] : [first];
}

function aboutState({ state, epochsDone, keptEpochs }: RunFacts): Clause | null {
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
    case 'paused':
    case 'stopped':
    case 'finished':
      return { kind: state, epoch: epochsDone };
  }
}

/** What a person should know before anything else. */
function warning({ epochs, best }: RunFacts, last: EpochMetrics): Clause | null {
  if (!Number.isFinite(lossOf(last.train))) return { kind: 'broken' };
  const before = epochs.at(-2)?.skippedUpdates ?? 0;
  if (last.skippedUpdates > before) return { kind: 'skipped', updates: last.skippedUpdates };
  if (!last.test || !best || last.epoch - best.epoch < patience) return null;
  const risen = lossOf(last.test) > best.heldOut * (1 + margin);
  return risen && lossOf(last.train) < best.train ? { kind: 'byHeart', since: best.epoch } : null;
}

function trend(epochs: readonly EpochMetrics[], last: EpochMetrics): Clause {
  const first = epochs.at(-trendEpochs) ?? epochs[0]!;
  if (first === last) return { kind: 'firstEpochs' };
  const perEpoch = (of: (terms: LossTerms) => number): number => (of(first.train) - of(last.train)) / (last.epoch - first.epoch);
  const least = leastTrend * lossOf(last.train);
  const reconstruction = perEpoch((terms) => terms.reconstruction);
  const loss = perEpoch(lossOf);
  if (loss < -least) return { kind: 'lossRises', nats: -loss };
  if (reconstruction > least) return { kind: 'reconstructionFalls', nats: reconstruction };
  if (loss > least) return { kind: 'lossFalls', nats: loss };
  return { kind: 'levelled' };
}

function dimensions({ klPerDimension }: EpochMetrics): Clause | null {
  const latent = klPerDimension.length;
  const unused = klPerDimension.filter((kl) => !isUsed(kl)).length;
  if (unused === 0) return null;
  return unused === latent ? { kind: 'collapsed', latent } : { kind: 'unused', dimensions: unused, latent };
}

