/** Colours of the dark canvas: the design's tokens, for pictures that are drawn without a browser. */
export const canvas = '#131314';
export const line = '#2d2d30';
export const ink = '#e9e9ea';
export const ink2 = '#b2b2b5';
export const ink3 = '#a0a0a4';

/** Ten classes that stay apart under protan, deutan and tritan vision, each 3:1 or more on the canvas. */
const classColours = ['#0071b9', '#fec00e', '#3bab94', '#bb3577', '#78c0ff', '#8c6300', '#9b7efb', '#baff94', '#ffd8e8', '#b49800'];
const noClass = '#a0a0a4';

export type Rgb = readonly [number, number, number];

/** A colour and what it stands for in a picture of `total` items. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly count: number;
}

/**
 * Colours for classes: one each for up to ten of them; of more, the nine largest have one and the rest share a grey. Items without a
 * class are grey too.
 */
export function colourClasses(labels: Int32Array, classes: readonly string[]): { colourOf(label: number): string; legend: LegendEntry[] } {
  const counts = classes.map(() => 0);
  let unlabelled = 0;
  for (const label of labels) {
    if (label >= 0) counts[label]!++;
    else unlabelled++;
  }
  const byCount = classes.map((_, label) => label).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const coloured = (classes.length <= 10 ? byCount : byCount.slice(0, 9)).sort((a, b) => a - b);
  const colours = new Map(coloured.map((label, i) => [label, classColours[i]!]));
  const legend: LegendEntry[] = coloured.map((label) => ({ name: classes[label]!, colour: colours.get(label)!, count: counts[label]! }));
  const others = labels.length - unlabelled - legend.reduce((sum, { count }) => sum + count, 0);
  if (coloured.length < classes.length) legend.push({ name: `${classes.length - coloured.length} others`, colour: noClass, count: others });
  if (unlabelled > 0 && classes.length > 0) legend.push({ name: 'no class', colour: noClass, count: unlabelled });
  return { colourOf: (label) => colours.get(label) ?? noClass, legend };
}

export function parseColour(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

export function mix(a: Rgb, b: Rgb, part: number): Rgb {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, definitions of contrast ratio and relative luminance). */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
