/** A view of points in space: what turns them to pixels. */
export interface ScreenView {
  /** The two ends of the present movement, count x 3, and how far it is, 0 to 1. */
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly t: number;
  /** 1 where a point is drawn. */
  readonly shown: Uint8Array;
  readonly count: number;
  /** Model, view and projection in one, column-major 4 x 4. */
  readonly matrix: ArrayLike<number>;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Writes where each point stands on the screen: x and y in CSS pixels from the upper left corner and the distance from the camera's plane,
 * count x 3. What is not drawn or behind the camera gets a distance of infinity.
 */
export function projectPoints(view: ScreenView, target: Float32Array): void {
  const { from, to, t, shown, count, matrix: m } = view;
  const [m0, m1, m3, m4, m5, m7] = [m[0]!, m[1]!, m[3]!, m[4]!, m[5]!, m[7]!];
  const [m8, m9, m11, m12, m13, m15] = [m[8]!, m[9]!, m[11]!, m[12]!, m[13]!, m[15]!];
  const halfWidth = view.width / 2;
  const halfHeight = view.height / 2;
  for (let item = 0, at = 0; item < count; item++, at += 3) {
    target[at + 2] = Infinity;
    if (!shown[item]) continue;
    const x = from[at]! + (to[at]! - from[at]!) * t;
    const y = from[at + 1]! + (to[at + 1]! - from[at + 1]!) * t;
    const z = from[at + 2]! + (to[at + 2]! - from[at + 2]!) * t;
    const w = m3 * x + m7 * y + m11 * z + m15;
    if (w <= 0) continue;
    target[at] = halfWidth + ((m0 * x + m4 * y + m8 * z + m12) / w) * halfWidth;
    target[at + 1] = halfHeight - ((m1 * x + m5 * y + m9 * z + m13) / w) * halfHeight;
    target[at + 2] = w;
  }
}

/**
 * The point that is meant by a place on the screen: of those whose disc lies under it the foremost, else the nearest within `reach` pixels;
 * -1 for none. `screen` is as `projectPoints` writes it; `discRadius` gives the radius of a disc in pixels from its distance.
 */
export function pointAt(screen: Float32Array, count: number, x: number, y: number, reach: number, discRadius: (distance: number) => number): number {
  let found = -1;
  let leastGap = Infinity;
  let leastDistance = Infinity;
  for (let item = 0, at = 0; item < count; item++, at += 3) {
    const distance = screen[at + 2]!;
    if (distance === Infinity) continue;
    const dx = screen[at]! - x;
    const dy = screen[at + 1]! - y;
    if (dx * dx + dy * dy > reach * reach) continue;
    const gap = Math.max(0, Math.sqrt(dx * dx + dy * dy) - discRadius(distance));
    if (gap > leastGap || (gap === leastGap && distance >= leastDistance)) continue;
    found = item;
    leastGap = gap;
    leastDistance = distance;
  }
  return found;
}

/**
 * The nearest other point on the screen in a direction (a unit vector, y downwards) from a place: within 45 degrees of it, sideways counting
 * double; -1 for none.
 */
export function pointTowards(screen: Float32Array, count: number, x: number, y: number, directionX: number, directionY: number, except: number): number {
  let found = -1;
  let least = Infinity;
  for (let item = 0, at = 0; item < count; item++, at += 3) {
    if (screen[at + 2] === Infinity || item === except) continue;
    const dx = screen[at]! - x;
    const dy = screen[at + 1]! - y;
    const along = dx * directionX + dy * directionY;
    const aside = Math.abs(dx * directionY - dy * directionX);
    // Half a pixel at least, so that a press of the key moves and cannot go back and forth between two at one place.
    if (along < 0.5 || aside > along) continue;
    const cost = along * along + 4 * aside * aside;
    if (cost >= least) continue;
    least = cost;
    found = item;
  }
  return found;
}

/**
 * Thins out the points so that squares of side `cell` about them do not overlap: the foremost point of each cell of the screen, unless a
 * point before it stands too near. At most `most`, the foremost first; those off the screen are left out.
 */
export function declutter(screen: Float32Array, count: number, width: number, height: number, cell: number, most: number): number[] {
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const foremost = new Int32Array(columns * rows).fill(-1);
  const cellOf = (item: number): number => Math.floor(screen[item * 3 + 1]! / cell) * columns + Math.floor(screen[item * 3]! / cell);
  for (let item = 0, at = 0; item < count; item++, at += 3) {
    const distance = screen[at + 2]!;
    const x = screen[at]!;
    const y = screen[at + 1]!;
    if (distance === Infinity || x < 0 || y < 0 || x >= width || y >= height) continue;
    const place = cellOf(item);
    const other = foremost[place]!;
    if (other < 0 || distance < screen[other * 3 + 2]!) foremost[place] = item;
  }
  const candidates = foremost.filter((item) => item >= 0).sort((a, b) => screen[a * 3 + 2]! - screen[b * 3 + 2]!);
  const taken = new Int32Array(columns * rows).fill(-1);
  const kept: number[] = [];
  for (const item of candidates) {
    if (kept.length === most) break;
    if (!isClear(item, cellOf(item))) continue;
    taken[cellOf(item)] = item;
    kept.push(item);
  }
  return kept;

  /** Only squares of the cells around can overlap. */
  function isClear(item: number, place: number): boolean {
    const column = place % columns;
    const row = Math.floor(place / columns);
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const other = taken[y * columns + x]!;
        if (other < 0) continue;
        if (Math.abs(screen[item * 3]! - screen[other * 3]!) < cell && Math.abs(screen[item * 3 + 1]! - screen[other * 3 + 1]!) < cell) return false;
      }
    }
    return true;
  }
}
