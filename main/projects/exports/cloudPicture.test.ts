import sharp from 'sharp';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { boundsOf, flatCamera, perspectiveCamera } from './camera.js';
import { drawCloud, type Cloud } from './cloudPicture.js';
import { drawPoints } from './drawPoints.js';
import { canvas, colourClasses, contrast, parseColour } from './palette.js';

function cloud(count: number, changes: Partial<Cloud> = {}): Cloud {
  const frame = new Float32Array(count * 3);
  fillNormal(frame, randomKey(3));
  const labels = Int32Array.from({ length: count }, (_, item) => item % 3);
  return { frame, dimensions: 3, labels, classes: ['circle', 'square', 'star'], title: 'shapes', caption: 'PCA', ...changes };
}

const box = { left: 10, top: 20, width: 200, height: 100 };

/** Draws on a black raster and gives back its pixels as RGB triples. */
function drawn(frame: Float32Array, colours: readonly string[], width = 40, height = 40): number[][] {
  const raster = { width, height, pixels: new Uint8Array(width * height * 3) };
  drawPoints(raster, frame, (item) => colours[item]!, (x, y, z) => ({ x, y, near: z, scale: 1 }), 3);
  return Array.from({ length: width * height }, (_, at) => [...raster.pixels.subarray(at * 3, at * 3 + 3)]);
}

test('the picture is a PNG of the promised size that says how many points it drew', async () => {
  for (const dimensions of [2, 3] as const) {
    const picture = await drawCloud(cloud(300, { dimensions }));
    expect(picture.drawn).toBe(300);
    expect(await sharp(picture.png).metadata()).toMatchObject({ format: 'png', width: 1760, height: 1120, channels: 3 });
  }
});

test('points that are not finite are neither drawn nor counted', async () => {
  const spoilt = cloud(100);
  spoilt.frame[0] = NaN;
  spoilt.frame[5] = Infinity;
  expect((await drawCloud(spoilt)).drawn).toBe(98);
  expect((await drawCloud(cloud(4, { frame: new Float32Array(12).fill(NaN) }))).drawn).toBe(0);
});

test('one point, no classes, many classes and hostile names still make a picture', async () => {
  const one = await drawCloud(cloud(1, { dimensions: 2 }));
  expect(one.drawn).toBe(1);
  await drawCloud(cloud(5, { classes: [], labels: new Int32Array(5).fill(-1) }));
  await drawCloud(cloud(90, { labels: Int32Array.from({ length: 90 }, (_, i) => i % 30), classes: Array.from({ length: 30 }, (_, i) => `c${i}`) }));
  await drawCloud(cloud(9, { classes: ['</svg><script>', '\u0000\ud800 & "', 'x'.repeat(300)], title: '<&>', caption: ']]>' }));
});

test('every finite point falls into its box, in both views', () => {
  const { frame } = cloud(500);
  const bounds = boundsOf(frame)!;
  for (const camera of [flatCamera(bounds, box), perspectiveCamera(frame, bounds, box)]) {
    for (let at = 0; at < frame.length; at += 3) {
      const { x, y, near } = camera(frame[at]!, frame[at + 1]!, frame[at + 2]!);
      expect(x).toBeGreaterThan(box.left - 1e-6);
      expect(x).toBeLessThan(box.left + box.width + 1e-6);
      expect(y).toBeGreaterThan(box.top - 1e-6);
      expect(y).toBeLessThan(box.top + box.height + 1e-6);
      expect(near).toBeGreaterThanOrEqual(0);
      expect(near).toBeLessThanOrEqual(1);
    }
  }
});

test('the flat view has one scale, x to the right and y up', () => {
  const camera = flatCamera({ low: [-2, -1, 0], high: [2, 1, 0] }, box);
  const [origin, right, up] = [camera(0, 0, 0), camera(1, 0, 0), camera(0, 1, 0)];
  expect(right.x - origin.x).toBeCloseTo(origin.y - up.y);
  expect(right.x).toBeGreaterThan(origin.x);
});

test('a near point covers a far one whatever their order, and a point has the colour of its class', () => {
  const near = [20, 20, 1];
  const far = [20, 20, 0];
  for (const [points, colours] of [[[near, far], ['#ff0000', '#0000ff']], [[far, near], ['#0000ff', '#ff0000']]] as const) {
    const centre = drawn(Float32Array.from(points.flat()), colours)[20 * 40 + 20]!;
    expect(centre[0]).toBeGreaterThan(200);
    expect(centre[2]).toBeLessThan(60);
  }
});

test('discs at and beyond the edge stay inside the raster', () => {
  const pixels = drawn(Float32Array.of(0, 0, 1, 40, 40, 1, -50, 20, 1, 39.5, -2, 1), Array<string>(4).fill('#ffffff'));
  expect(pixels[0]![0]).toBeGreaterThan(0);
  expect(pixels[40 * 20 + 20]).toEqual([0, 0, 0]);
});

test('far points fade towards the canvas but never below 3:1', () => {
  const { legend } = colourClasses(Int32Array.from({ length: 10 }, (_, i) => i), Array.from({ length: 10 }, (_, i) => `${i}`));
  for (const { colour } of legend) {
    // Two points: the far one, isolated, carries all the fog there is. 85 % cover is undone before judging.
    const far = drawn(Float32Array.of(10, 20, 0, 30, 20, 1), [colour, colour])[20 * 40 + 10]!.map((value) => value / 0.85);
    expect(contrast(far as unknown as [number, number, number], parseColour(canvas))).toBeGreaterThan(2.9);
  }
});

test('up to ten classes have a colour each; of more the nine largest do, and the counts of the legend add up', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `class ${i}`);
  const ten = colourClasses(Int32Array.from({ length: 100 }, (_, i) => i % 10), names(10));
  expect(new Set(ten.legend.map(({ colour }) => colour)).size).toBe(10);
  // Class i has i + 1 items: 0, 1 and 2 are the smallest.
  const labels = Int32Array.from(Array.from({ length: 12 }, (_, i) => Array<number>(i + 1).fill(i)).flat());
  const twelve = colourClasses(Int32Array.from([...labels, -1, -1]), names(12));
  expect(twelve.legend.map(({ name, count }) => [name, count])).toEqual([
    ...Array.from({ length: 9 }, (_, i) => [`class ${i + 3}`, i + 4]),
    ['3 others', 6],
    ['no class', 2],
  ]);
  expect(twelve.colourOf(0)).toBe(twelve.colourOf(-1));
  expect(twelve.colourOf(3)).not.toBe(twelve.colourOf(0));
  expect(colourClasses(new Int32Array(4).fill(-1), []).legend).toEqual([]);
});

test('contrast is that of the guidelines', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(contrast([255, 255, 255], parseColour('#767676'))).toBeCloseTo(4.54, 2);
});
