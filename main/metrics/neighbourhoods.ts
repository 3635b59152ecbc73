import { squaredDistance } from './discrepancy.js';

/** Neighbours that a picture is judged by, as scikit-learn's default. */
const neighbours = 5;

/** How far neighbours in a picture can be believed, 0 to 1. */
export interface Neighbourhoods {
  /** 1 when the neighbours in the picture are neighbours in the space. */
  readonly trustworthiness: number;
  /** 1 when the neighbours in the space are neighbours in the picture. */
  readonly continuity: number;
}

/**
 * Trustworthiness and continuity (Venna & Kaski 2001) for five neighbours: 1 - 2 / (n k (2n - 3k - 1)) times the sum of the ranks, less k,
 * that the k nearest of each point in the one have in the other where they are not among its k nearest there.
 *
 * @param space count x columns
 * @param picture count x pictureColumns, row by row the same points
 * @returns null for fewer than 11 points, of which five are no neighbourhood
 */
export function neighbourhoods(space: Float32Array, columns: number, picture: Float32Array, pictureColumns: number): Neighbourhoods | null {
  const count = space.length / columns;
  if (count <= 2 * neighbours) return null;
  let falseOnes = 0;
  let missing = 0;
  for (let point = 0; point < count; point++) {
    const inSpace = ranks(space, columns, point);
    const inPicture = ranks(picture, pictureColumns, point);
    for (let other = 0; other < count; other++) {
      if (inPicture[other]! <= neighbours) falseOnes += Math.max(0, inSpace[other]! - neighbours);
      if (inSpace[other]! <= neighbours) missing += Math.max(0, inPicture[other]! - neighbours);
    }
  }
  // The point itself has rank 0 in both, and adds nothing.
  const scale = 2 / (count * neighbours * (2 * count - 3 * neighbours - 1));
  return { trustworthiness: 1 - scale * falseOnes, continuity: 1 - scale * missing };
}

/** Rank of each point by its distance from one of them: that one 0, its nearest other 1. Of equal distances the lower row comes first. */
function ranks(rows: Float32Array, columns: number, from: number): Uint32Array {
  const distances = Float64Array.from({ length: rows.length / columns }, (_, row) =>
    row === from ? -1 : squaredDistance(rows, row, rows, from, columns),
  );
  const order = Uint32Array.from(distances.keys()).sort((a, b) => distances[a]! - distances[b]! || a - b);
  const ranked = new Uint32Array(order.length);
  for (const [rank, row] of order.entries()) ranked[row] = rank;
  return ranked;
}
