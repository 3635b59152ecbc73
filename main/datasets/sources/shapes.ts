import type { ImageFormat } from '../../../shared/dataset.js';
import { randomKey, randomUniform } from '../../../shared/random.js';

/** Classes of the shapes sample, in label order. */
export const shapeNames = ['ellipse', 'square', 'star', 'triangle'] as const;

/**
 * The factors behind one generated picture, after dSprites (Matthey, Higgins, Hassabis, Lerchner 2017) with hue added. All
 * are drawn independently and uniformly, so that a disentangled model can be told from one that is not.
 */
export interface ShapeFactors {
  /** Index into `shapeNames`. */
  readonly shape: number;
  /** Radius of the circle around the shape as a share of the side, 0.15 to 0.3. */
  readonly size: number;
  /** Centre as a share of the side, 1/3 to 2/3: the shape always lies inside, a margin around it. */
  readonly x: number;
  readonly y: number;
  /** Radians, 0 to 2 pi. */
  readonly rotation: number;
  /** Turns around the colour circle, 0 to 1; 0 is red. */
  readonly hue: number;
}

export const factorNames = ['shape', 'size', 'x', 'y', 'rotation', 'hue'] as const satisfies readonly (keyof ShapeFactors)[];

/** Keeps the stream apart from others with the same seed. */
const shapesStream = 0x53484150;

/** Factors of picture `item`: a pure function of seed and item. The shapes take turns, so that classes are of equal size. */
export function shapeFactors(seed: number, item: number): ShapeFactors {
  const key = randomKey(seed, shapesStream, item);
  return {
    shape: item % shapeNames.length,
    size: 0.15 + 0.15 * randomUniform(key, 0),
    x: (1 + randomUniform(key, 1)) / 3,
    y: (1 + randomUniform(key, 2)) / 3,
    rotation: 2 * Math.PI * randomUniform(key, 3),
    hue: randomUniform(key, 4),
  };
}

/**
 * Draws one shape in its hue on black into `target` (height x width x channels). The coverage of a pixel follows from its
 * centre's distance to the outline, so that edges are smooth and every factor moves the picture continuously.
 */
export function drawShape(factors: ShapeFactors, format: ImageFormat, target: Uint8Array): void {
  const { width, height, channels } = format;
  const side = Math.min(width, height);
  const radius = factors.size * side;
  const cos = Math.cos(factors.rotation);
  const sin = Math.sin(factors.rotation);
  const distance = distances[shapeNames[factors.shape]!];
  const [red, green, blue] = hueColour(factors.hue);
  const colour = channels === 3 ? [red, green, blue] : [0.299 * red + 0.587 * green + 0.114 * blue];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = (column + 0.5 - factors.x * width) / radius;
      const y = (row + 0.5 - factors.y * height) / radius;
      // Every shape lies within the unit circle: a pixel that does not touch the circle is black.
      const far = x * x + y * y > (1 + 1 / radius) ** 2;
      const coverage = far ? 0 : Math.min(1, Math.max(0, 0.5 - radius * distance(cos * x + sin * y, cos * y - sin * x)));
      for (let c = 0; c < channels; c++) target[at++] = Math.round(255 * coverage * colour[c]!);
    }
  }
}

/** Full saturation and value (HSV). */
function hueColour(hue: number): [number, number, number] {
  const channel = (offset: number): number => Math.min(1, Math.max(0, Math.abs(((hue * 6 + offset) % 6) - 3) - 1));
  return [channel(0), channel(4), channel(2)];
}

type Distance = (x: number, y: number) => number;

/** Signed distance to the outline of each shape within the unit circle, negative inside. */
const distances: Readonly<Record<(typeof shapeNames)[number], Distance>> = {
  ellipse: ellipseDistance(1, 0.6),
  square: polygonDistance(corners([1, 1, 1, 1])),
  star: polygonDistance(corners([1, 0.45, 1, 0.45, 1, 0.45, 1, 0.45, 1, 0.45])),
  triangle: polygonDistance(corners([1, 1, 1])),
};

/** First-order distance f / |grad f| of the implicit ellipse (Taubin 1994), exact enough within a pixel of the outline. */
function ellipseDistance(a: number, b: number): Distance {
  return (x, y) => {
    const k = Math.hypot(x / a, y / b);
    const slope = Math.hypot(x / (a * a), y / (b * b));
    return slope === 0 ? -b : ((k - 1) * k) / slope;
  };
}

/** Points at these radii, evenly spread around the origin. */
function corners(radii: readonly number[]): readonly (readonly [number, number])[] {
  return radii.map((radius, i) => {
    const angle = (2 * Math.PI * i) / radii.length;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)] as const;
  });
}

/** Distance to the nearest edge; the sign from the number of edges that a ray to the right crosses (even-odd rule). */
function polygonDistance(points: readonly (readonly [number, number])[]): Distance {
  return (x, y) => {
    let nearest = Infinity;
    let inside = false;
    for (let i = 0; i < points.length; i++) {
      const [ax, ay] = points[i]!;
      const [bx, by] = points[(i + 1) % points.length]!;
      const ex = bx - ax;
      const ey = by - ay;
      const along = Math.min(1, Math.max(0, ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey)));
      nearest = Math.min(nearest, (x - ax - along * ex) ** 2 + (y - ay - along * ey) ** 2);
      if (ay > y !== by > y && x < ax + ((y - ay) * ex) / ey) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}
