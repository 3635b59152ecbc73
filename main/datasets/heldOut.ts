import { randomKey, shuffle } from '../../shared/random.js';

/** Datasets below this hold out nothing: a tenth of them would be one image, which measures nothing and is missed. */
export const fewestForHeldOut = 20;

/** Keeps the stream apart from others with the same seed. */
const heldOutStream = 0x48454c44;

/**
 * Chooses the images to keep from training: a tenth (rounded), each class in proportion to within one image (largest
 * remainders, Hamilton's method), drawn with the seed. The same labels and seed give the same choice.
 * @param labels class of each image, -1 for none
 * @returns 1 for held out, parallel to `labels`; all 0 below `fewestForHeldOut` images
 */
export function chooseHeldOut(labels: Int32Array, seed: number): Uint8Array {
  const heldOut = new Uint8Array(labels.length);
  if (labels.length < fewestForHeldOut) return heldOut;

  const members = new Map<number, number[]>();
  labels.forEach((label, item) => {
    const group = members.get(label);
    if (group) group.push(item);
    else members.set(label, [item]);
  });
  const groups = [...members].sort(([a], [b]) => a - b).map(([label, items]) => ({
    label,
    items: Uint32Array.from(items),
    quota: Math.floor(items.length / 10),
    remainder: items.length % 10,
  }));

  let open = Math.round(labels.length / 10) - groups.reduce((sum, group) => sum + group.quota, 0);
  for (const group of groups.toSorted((a, b) => b.remainder - a.remainder || a.label - b.label)) {
    if (open-- > 0) group.quota++;
  }
  for (const { label, items, quota } of groups) {
    shuffle(items, randomKey(seed, heldOutStream, label));
    for (const item of items.subarray(0, quota)) heldOut[item] = 1;
  }
  return heldOut;
}
