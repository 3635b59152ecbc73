import { squaredDistance } from './discrepancy.js';
import type { LabelledMeans } from './LabelledMeans.js';

const neighbours = 5;

/**
 * Part of `tested` whose class is that of most of their five nearest means in `known` (all of them, where there are fewer), 0 to 1. Of
 * classes with equally many the one with the nearest mean wins.
 */
export function neighbourAccuracy(known: LabelledMeans, tested: LabelledMeans): number {
  const count = known.labels.length;
  const nearest = new Uint32Array(Math.min(neighbours, count));
  const distances = new Float64Array(nearest.length);
  let right = 0;
  for (const [row, label] of tested.labels.entries()) {
    distances.fill(Infinity);
    for (let other = 0; other < count; other++) {
      const distance = squaredDistance(known.means, other, tested.means, row, known.latent);
      if (!(distance < distances.at(-1)!)) continue;
      let place = nearest.length - 1;
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!;
        nearest[place] = nearest[place - 1]!;
      }
      distances[place] = distance;
      nearest[place] = other;
    }
    if (majority(nearest, known.labels) === label) right++;
  }
  return right / tested.labels.length;
}

/** The most frequent label among rows, nearest first. */
function majority(rows: Uint32Array, labels: Int32Array): number {
  const votes = new Map<number, number>();
  for (const row of rows) votes.set(labels[row]!, (votes.get(labels[row]!) ?? 0) + 1);
  // Entries come in the order in which they were first seen.
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
}
