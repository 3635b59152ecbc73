/** Where the classes of a cloud lie. */
export interface ClassCenters {
  /** Classes that have a point drawn, in label order. */
  readonly labels: readonly number[];
  /** One center each, labels.length x 3. */
  readonly centers: Float32Array;
  /** Root mean square distance of a class's points from its center. */
  readonly spreads: Float32Array;
}

/** Centers of the classes over the drawn points; items without a class (-1) count for none. */
export function classCenters(positions: Float32Array, labels: Int32Array, shown: Uint8Array, count: number): ClassCenters {
  let classes = 0;
  for (let item = 0; item < count; item++) classes = Math.max(classes, labels[item]! + 1);
  const sums = new Float64Array(classes * 5);
  for (let item = 0; item < count; item++) {
    const label = labels[item]!;
    if (!shown[item] || label < 0) continue;
    const [x, y, z] = [positions[item * 3]!, positions[item * 3 + 1]!, positions[item * 3 + 2]!];
    sums[label * 5]! += x;
    sums[label * 5 + 1]! += y;
    sums[label * 5 + 2]! += z;
    sums[label * 5 + 3]! += x * x + y * y + z * z;
    sums[label * 5 + 4]! += 1;
  }
  const present: number[] = [];
  for (let label = 0; label < classes; label++) if (sums[label * 5 + 4]! > 0) present.push(label);
  const centers = new Float32Array(present.length * 3);
  const spreads = new Float32Array(present.length);
  for (const [i, label] of present.entries()) {
    const n = sums[label * 5 + 4]!;
    let square = 0;
    for (let k = 0; k < 3; k++) {
      const mean = sums[label * 5 + k]! / n;
      centers[i * 3 + k] = mean;
      square += mean * mean;
    }
    // Rounding can carry the variance of equal points just under 0.
    spreads[i] = Math.sqrt(Math.max(0, sums[label * 5 + 3]! / n - square));
  }
  return { labels: present, centers, spreads };
}
