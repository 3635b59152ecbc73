/** A name at its place: its middle at the bottom, CSS pixels. */
export interface NameBox {
  readonly width: number;
  x: number;
  /** Not above 0: behind the camera. */
  distance: number;
  y: number;
  isShown: boolean;
}

/** Height of a line of names. */
const height = 15;

/** Decides which names are shown: the earlier of two that would overlap, and none outside the canvas. Writes `isShown`. */
export function layOutNames(names: readonly NameBox[], width: number, canvasHeight: number): void {
  for (const [i, name] of names.entries()) {
    name.isShown = name.distance > 0 && name.x > 0 && name.x < width && name.y > height && name.y < canvasHeight;
    for (let k = 0; name.isShown && k < i; k++) {
      const other = names[k]!;
      const isClear = Math.abs(name.x - other.x) * 2 >= name.width + other.width || Math.abs(name.y - other.y) >= height;
      if (other.isShown && !isClear) name.isShown = false;
    }
  }
}
