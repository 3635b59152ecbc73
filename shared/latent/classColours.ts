/** Colours that are kept apart from each other in both themes (`--class-0` to `--class-9`). */
export const classColours = 10;

/**
 * The colour of each class: 0 to 9, or -1 for the one grey. Up to ten classes have a colour each, in their order; of more, the nine
 * largest have one (the earlier of two equal ones) and the rest are grey, so that no two shown apart look alike.
 *
 * @param counts images of each class, in label order
 */
export function classSlots(counts: readonly number[]): Int32Array {
  const slots = new Int32Array(counts.length).fill(-1);
  const labels = counts.map((_, label) => label);
  const coloured = counts.length <= classColours ? labels : labels.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, classColours - 1).sort((a, b) => a - b);
  coloured.forEach((label, slot) => (slots[label] = slot));
  return slots;
}
