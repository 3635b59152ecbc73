/**
 * Two random items of different classes; where there are no two classes, two different items.
 *
 * @param labels class of each item, -1 for none; at least two items
 * @param random from 0, below 1
 */
export function randomPair(labels: Int32Array, random: () => number): readonly [number, number] {
  const first = Math.floor(random() * labels.length);
  const others = Array.from(labels.keys()).filter((item) => item !== first);
  const unlike = others.filter((item) => labels[item] !== labels[first]);
  const candidates = unlike.length > 0 ? unlike : others;
  return [first, candidates[Math.floor(random() * candidates.length)]!];
}
