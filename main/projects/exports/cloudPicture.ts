import sharp from 'sharp';
import { boundsOf, flatCamera, isFinitePoint, perspectiveCamera, type Bounds, type Box, type Camera } from './camera.js';
import { drawPoints } from './drawPoints.js';
import { canvas, colourClasses, ink, ink2, ink3, line, type LegendEntry } from './palette.js';

/** A cloud to draw. */
export interface Cloud {
  /** One projected embedding, count x 3. */
  readonly frame: Float32Array;
  /** 2 is drawn flat, with axes; 3 in perspective. */
  readonly dimensions: 2 | 3;
  /** Class of each item, -1 for none. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly title: string;
  /** What the axes are, in a few words. */
  readonly caption: string;
}

/** In layout units; the picture has twice as many pixels, for sharp screens. */
const size = { width: 880, height: 560 };
const density = 2;
const margin = 20;
const headHeight = 48;
const legendRow = 20;
const font = 'system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Inter, DejaVu Sans, sans-serif';

/** Draws the cloud on the dark canvas, coloured by class and with a legend, as a PNG of 1760 x 1120 pixels. */
export async function drawCloud(cloud: Cloud): Promise<{ png: Uint8Array; drawn: number }> {
  const { colourOf, legend } = colourClasses(cloud.labels, cloud.classes);
  const columns = legendColumns(legend);
  const legendHeight = Math.ceil(legend.length / columns) * legendRow;
  const legendTop = size.height - margin - legendHeight;
  const box: Box = {
    left: margin * 2,
    top: headHeight + margin,
    width: size.width - margin * 4,
    height: size.height - headHeight - margin * 3 - legendHeight,
  };
  const bounds = boundsOf(cloud.frame) ?? { low: [-1, -1, -1], high: [1, 1, 1] };
  const camera = cloud.dimensions === 2 ? flatCamera(bounds, box) : perspectiveCamera(cloud.frame, bounds, box);
  const ground = cloud.dimensions === 2 ? axes(bounds, camera, box) : floor(bounds, camera, legendTop);

  const base = await sharp(svg(`<rect width="100%" height="100%" fill="${canvas}"/>${ground}`)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const raster = { width: base.info.width, height: base.info.height, pixels: base.data };
  const inPixels: Camera = (x, y, z) => {
    const point = camera(x, y, z);
    return { ...point, x: point.x * density, y: point.y * density };
  };
  const drawn = drawPoints(raster, cloud.frame, (item) => colourOf(cloud.labels[item]!), inPixels, density * pointRadius(cloud.labels.length));

  const words = svg(head(cloud, drawn) + classNames(cloud, legend, camera) + legendText(legend, columns, legendTop));
  const png = await sharp(raster.pixels, { raw: { width: raster.width, height: raster.height, channels: 3 } })
    .composite([{ input: words }])
    .removeAlpha()
    .png()
    .toBuffer();
  return { png, drawn };
}

/** Fewer points are drawn larger: 3.5 for a handful, 2 for some thousands, 1 for the 60,000 of MNIST. */
function pointRadius(count: number): number {
  return Math.min(3.5, Math.max(0.9, 2 * (4000 / Math.max(1, count)) ** 0.27));
}

function head({ title, caption, labels }: Cloud, drawn: number): string {
  return (
    text(margin, margin + 12, title, { size: 14, weight: 600 }) +
    text(margin, margin + 30, `${drawn.toLocaleString('en')} of ${labels.length.toLocaleString('en')} drawn`, { fill: ink2 }) +
    text(size.width - margin, margin + 12, caption, { fill: ink2, anchor: 'end' })
  );
}

/** The name of each coloured class at the middle of its points. */
function classNames({ frame, labels, classes }: Cloud, legend: readonly LegendEntry[], camera: Camera): string {
  const places: { name: string; x: number; y: number }[] = [];
  for (const { name } of legend) {
    const label = classes.indexOf(name);
    const xs: number[] = [];
    const ys: number[] = [];
    labels.forEach((own, item) => {
      if (own !== label || label === -1 || !isFinitePoint(frame, item * 3)) return;
      const { x, y } = camera(frame[item * 3]!, frame[item * 3 + 1]!, frame[item * 3 + 2]!);
      xs.push(x);
      ys.push(y);
    });
    if (xs.length > 0) places.push({ name: shortened(name), x: median(xs), y: median(ys) });
  }
  // From top to bottom, a name that would cover one above it moves down.
  places.sort((a, b) => a.y - b.y);
  places.forEach((place, i) => {
    for (const other of places.slice(0, i)) {
      const close = Math.abs(place.x - other.x) < (textWidth(place.name) + textWidth(other.name)) / 2 + 4;
      if (close && place.y - other.y < 15) place.y = other.y + 15;
    }
  });
  return places.map(({ name, x, y }) => text(x, y + 4, name, { size: 12, weight: 600, anchor: 'middle', halo: true })).join('');
}

function legendColumns(legend: readonly LegendEntry[]): number {
  const most = Math.max(1, Math.floor((size.width - margin * 2) / legendCell(legend)));
  // Rows of equal length: 5 and 5 rather than 8 and 2.
  return Math.ceil(legend.length / Math.ceil(legend.length / most)) || 1;
}

function legendCell(legend: readonly LegendEntry[]): number {
  return Math.max(0, ...legend.map(({ name, count }) => textWidth(`${shortened(name)} ${count.toLocaleString('en')}`))) + 32;
}

function legendText(legend: readonly LegendEntry[], columns: number, top: number): string {
  const cell = legendCell(legend);
  return legend
    .map(({ name, colour, count }, i) => {
      const x = margin + (i % columns) * cell;
      const y = top + Math.floor(i / columns) * legendRow + 14;
      const words = `${escaped(shortened(name))} <tspan fill="${ink3}">${count.toLocaleString('en')}</tspan>`;
      return `<circle cx="${x + 4}" cy="${y - 4}" r="4" fill="${colour}"/><text x="${x + 14}" y="${y}" font-size="11" fill="${ink}">${words}</text>`;
    })
    .join('');
}

/** Grid lines of the flat view with their values, over the whole box. */
function axes({ low, high }: Bounds, camera: Camera, box: Box): string {
  const step = niceStep(Math.max(high[0] - low[0], high[1] - low[1]) / 8);
  const unit = camera(1, 0, 0).x - camera(0, 0, 0).x;
  const origin = camera(0, 0, 0);
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  let lines = '';
  for (let i = Math.ceil((box.left - origin.x) / unit / step); origin.x + i * step * unit <= right; i++) {
    const x = origin.x + i * step * unit;
    lines += stroke(x, box.top, x, bottom, i === 0 ? 1.2 : 0.6) + text(x, bottom + 14, tick(i * step), { size: 10, fill: ink3, anchor: 'middle' });
  }
  for (let i = Math.ceil((origin.y - bottom) / unit / step); origin.y - i * step * unit >= box.top; i++) {
    const y = origin.y - i * step * unit;
    lines += stroke(box.left, y, right, y, i === 0 ? 1.2 : 0.6) + text(box.left - 6, y + 3, tick(i * step), { size: 10, fill: ink3, anchor: 'end' });
  }
  return lines;
}

/** A square grid under the cloud that makes its depth readable; it fades out before it reaches `bottom`. */
function floor({ low, high }: Bounds, camera: Camera, bottom: number): string {
  const step = niceStep(Math.max(high[0] - low[0], high[2] - low[2]) / 6);
  const [x0, x1, z0, z1] = [Math.floor(low[0] / step), Math.ceil(high[0] / step), Math.floor(low[2] / step), Math.ceil(high[2] / step)];
  const between = (a: readonly [number, number], b: readonly [number, number]): string => {
    const from = camera(a[0] * step, low[1], a[1] * step);
    const to = camera(b[0] * step, low[1], b[1] * step);
    return stroke(from.x, from.y, to.x, to.y, 0.8);
  };
  let lines = '';
  for (let x = x0; x <= x1; x++) lines += between([x, z0], [x, z1]);
  for (let z = z0; z <= z1; z++) lines += between([x0, z], [x1, z]);
  const fade = `<linearGradient id="fade" gradientUnits="userSpaceOnUse" x1="0" y1="${bottom - 70}" x2="0" y2="${bottom - 6}"><stop stop-color="#fff"/><stop offset="1" stop-color="#000"/></linearGradient>`;
  return `<defs>${fade}<mask id="above"><rect width="100%" height="100%" fill="url(#fade)"/></mask></defs><g mask="url(#above)">${lines}</g>`;
}

/** The next of 1, 2, 5, 10, ... above `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step || 1));
  return power * ([1, 2, 5].find((factor) => factor * power >= step) ?? 10);
}

function tick(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '\u2212');
}

function stroke(x1: number, y1: number, x2: number, y2: number, width: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${line}" stroke-width="${width}"/>`;
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** An outline in the colour of the canvas, to be read over points. */
  readonly halo?: boolean;
}

function text(x: number, y: number, words: string, { size = 11, weight = 400, fill = ink, anchor = 'start', halo = false }: TextStyle): string {
  const place = `x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}"`;
  const body = `<text ${place} fill="${fill}">${escaped(words)}</text>`;
  if (!halo) return body;
  return `<text ${place} fill="none" stroke="${canvas}" stroke-width="3.5" stroke-linejoin="round" stroke-opacity="0.8">${escaped(words)}</text>${body}`;
}

function svg(content: string): Buffer {
  const { width, height } = size;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * density}" height="${height * density}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="${font}">${content}</svg>`,
  );
}

/** A guess that errs on the wide side: the real width is known only to the renderer. */
function textWidth(words: string): number {
  return words.length * 7;
}

function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}\u2026` : name;
}

function escaped(words: string): string {
  // Characters that XML cannot carry would make the whole picture fail.
  const legal = words.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
  return legal.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
