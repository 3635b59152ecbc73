import type { Catalogue } from '../../../shared/messages/catalogue.js';
import type { Format } from '../../../shared/messages/format.js';
import { assertNever } from '../../../shared/result.js';
import type { Clause } from '../../session/describeRun.js';

/** What goes on in a run, as a language says it. */
export function sentence({ says, join }: Catalogue['training'], f: Format, clauses: readonly Clause[]): string {
  return join(clauses.map((clause) => say(says, f, clause)));
}

function say(says: Catalogue['training']['says'], f: Format, clause: Clause): string {
  switch (clause.kind) {
    case 'preparing':
    case 'firstEpochs':
    case 'stopping':
    case 'levelled':
    case 'broken':
    case 'worseThanNoise':
      return says[clause.kind];
    case 'paused':
    case 'stopped':
    case 'finished':
      return says[clause.kind](f, clause.epoch);
    case 'failed':
      return says.failed(f, clause.epoch, clause.kept);
    case 'endedEarly':
      return says.endedEarly(f, clause.epoch, clause.best);
    case 'reconstructionFalls':
    case 'klFalls':
    case 'lossFalls':
    case 'lossRises':
      return says[clause.kind](f, clause.nats);
    case 'byHeart':
      return says.byHeart(f, clause.since, clause.hasBeta);
    case 'skipped':
      return says.skipped(f, clause.updates);
    case 'unused':
      return says.unused(f, clause.dimensions, clause.latent);
    case 'collapsed':
    case 'collapsedAsAsked':
    case 'collapsedBelowCapacity':
      return says[clause.kind](f, clause.latent);
    case 'denoises':
      return says.denoises(f, clause.left);
    default:
      return assertNever(clause);
  }
}
