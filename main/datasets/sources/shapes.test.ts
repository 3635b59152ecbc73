import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImageFormat } from '../../../shared/dataset.js';
import { bytesPerImage } from '../../../shared/dataset.js';
import type { ShapeFactors } from './shapes.js';
import { drawShape, shapeFactors, shapeNames } from './shapes.js';

const format: ImageFormat = { width: 32, height: 32, channels: 3 };
const items = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 100000 }));

function draw(factors: ShapeFactors, at: ImageFormat = format): Uint8Array {
  const image = new Uint8Array(bytesPerImage(at)).fill(99);
  drawShape(factors, at, image);
  return image;
}

/** Mass and centre of the picture, in pixels. */
function moments(image: Uint8Array): { mass: number; x: number; y: number } {
  let mass = 0;
  let x = 0;
  let y = 0;
  image.forEach((value, i) => {
    mass += value;
    x += value * ((Math.floor(i / 3) % 32) + 0.5);
    y += value * (Math.floor(i / 96) + 0.5);
  });
  return { mass, x: x / mass, y: y / mass };
}

test('a picture is a pure function of seed and item', () => {
  expect(draw(shapeFactors(3, 17))).toEqual(draw(shapeFactors(3, 17)));
  expect(draw(shapeFactors(4, 17))).not.toEqual(draw(shapeFactors(3, 17)));
});

test('the shape lies inside the picture, centred on its position, as large as its size says', () => {
  fc.assert(
    fc.property(items, ([seed, item]) => {
      const factors = shapeFactors(seed, item);
      const image = draw(factors);
      const { mass, x, y } = moments(image);
      expect(mass).toBeGreaterThan(0);
      expect(Math.hypot(x - factors.x * 32, y - factors.y * 32)).toBeLessThan(0.5);
      for (let i = 0; i < 32; i++) {
        const edge = [image[i * 3]!, image[(31 * 32 + i) * 3]!, image[i * 96]!, image[i * 96 + 93]!];
        expect(Math.max(...edge)).toBe(0);
      }
    }),
    { seed: 13, numRuns: 300 },
  );
});

test('coverage is the area of the shape, to the share of a pixel', () => {
  const areas = { ellipse: Math.PI * 0.6, square: 2, triangle: (3 * Math.sqrt(3)) / 4, star: 5 * 0.45 * Math.sin(Math.PI / 5) };
  for (const [shape, name] of shapeNames.entries()) {
    const image = draw({ shape, size: 0.3, x: 0.5, y: 0.5, rotation: 0.4, hue: 0 });
    const covered = image.reduce((sum, value, i) => (i % 3 === 0 ? sum + value / 255 : sum), 0);
    expect(Math.abs(covered - areas[name] * 9.6 ** 2) / covered).toBeLessThan(0.04);
  }
});

test('every factor moves the picture a little when it changes a little', () => {
  const base: ShapeFactors = { shape: 1, size: 0.25, x: 0.5, y: 0.45, rotation: 0.7, hue: 0.3 };
  for (const name of ['size', 'x', 'y', 'rotation', 'hue'] as const) {
    const moved = draw({ ...base, [name]: base[name] + 0.003 });
    const difference = draw(base).reduce((sum, value, i) => sum + Math.abs(value - moved[i]!), 0);
    expect(difference).toBeGreaterThan(0);
    expect(difference / moments(draw(base)).mass).toBeLessThan(0.1);
  }
});

test('hue names the colour, and grey pictures have its luma', () => {
  const centre = (hue: number, channels: 1 | 3): number[] => {
    const image = draw({ shape: 1, size: 0.3, x: 0.5, y: 0.5, rotation: 0, hue }, { ...format, channels });
    return [...image.subarray((16 * 32 + 16) * channels, (16 * 32 + 17) * channels)];
  };
  expect(centre(0, 3)).toEqual([255, 0, 0]);
  expect(centre(1 / 3, 3)).toEqual([0, 255, 0]);
  expect(centre(2 / 3, 3)).toEqual([0, 0, 255]);
  expect(centre(1 / 6, 3)).toEqual([255, 255, 0]);
  expect(centre(1 / 3, 1)).toEqual([150]);
});

test('shapes take turns and factors fill their ranges evenly', () => {
  const drawn = Array.from({ length: 4000 }, (_, item) => shapeFactors(1, item));
  expect(drawn.slice(0, 5).map((factors) => factors.shape)).toEqual([0, 1, 2, 3, 0]);
  for (const [name, low, high] of [['size', 0.15, 0.3], ['x', 1 / 3, 2 / 3], ['y', 1 / 3, 2 / 3], ['rotation', 0, 2 * Math.PI], ['hue', 0, 1]] as const) {
    const scaled = drawn.map((factors) => (factors[name] - low) / (high - low));
    expect(Math.min(...scaled)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scaled)).toBeLessThan(1);
    // The mean of 4,000 uniform numbers has a standard deviation of 0.0046: six of them are allowed.
    expect(Math.abs(scaled.reduce((a, b) => a + b) / 4000 - 0.5)).toBeLessThan(0.028);
  }
});
