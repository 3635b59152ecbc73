/** Where a cloud lies and how far it reaches, in its own units. */
export interface Extent {
  readonly center: readonly [number, number, number];
  /** Nine in ten points are nearer to the center. */
  readonly radius: number;
}

/** Points looked at: enough for a steady picture, few enough for a million. */
const most = 4096;
/** A cloud narrower than this part of the prior's deviation is left as small as it is: blown up, it would only show noise. */
const leastRadius = 0.25;

/** The extent of the points (count x 3) that `shown` marks; the origin when there are none. */
export function extentOf(positions: Float32Array, shown: ArrayLike<number>, count: number): Extent {
  const stride = Math.max(1, Math.floor(count / most));
  const items: number[] = [];
  for (let item = 0; item < count; item += stride) if (shown[item]) items.push(item);
  // A rare class may slip through the sample.
  if (items.length === 0) for (let item = 0; item < count && items.length < most; item++) if (shown[item]) items.push(item);
  if (items.length === 0) return { center: [0, 0, 0], radius: 1 };
  let [x, y, z] = [0, 0, 0];
  for (const item of items) {
    x += positions[item * 3]! / items.length;
    y += positions[item * 3 + 1]! / items.length;
    z += positions[item * 3 + 2]! / items.length;
  }
  const distances = Float32Array.from(items, (item) => Math.hypot(positions[item * 3]! - x, positions[item * 3 + 1]! - y, positions[item * 3 + 2]! - z));
  distances.sort();
  return { center: [x, y, z], radius: Math.max(leastRadius, distances[Math.floor(0.9 * (distances.length - 1))]!) };
}
