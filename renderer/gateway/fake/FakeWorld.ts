import type { ItemTable, Neighbours } from '../../../shared/contract/studio.js';
import { bytesPerImage, type DatasetSummary, type ImageFormat } from '../../../shared/dataset.js';
import { fillNormal, randomKey, randomUniform } from '../../../shared/random.js';
import { say } from '../../../shared/sentence.js';
import { drawShapes, shapeNames, type Placement } from './shapes.js';

/** Spread of the items of one class around its centre. */
const spread = 0.35;
/** Dimensions that carry anything; the others stay at zero, as they do in a real run. */
const mostUsed = 6;
/** How quickly one shape gives way to another between two centres. */
const softness = 0.6;

interface Ends {
  readonly latent: number;
  readonly first: Float32Array;
  readonly last: Float32Array;
}

/**
 * Items of ten shapes and the latent space that a perfect model would find for them. Everything follows from the number of items, their format
 * and the seed; `decode` turns the mean of an item back into a picture like the item's.
 *
 * `learned` (0 to 1) is how far training has come: means travel from one cloud without order to their places, and what is decoded
 * sharpens from the average of all pictures.
 */
export class FakeWorld {
  #known: Ends | null = null;

  constructor(
    readonly count: number,
    readonly format: ImageFormat,
    readonly seed: number,
  ) {}

  /** Items are sorted by class, as they come from folders. */
  label(item: number): number {
    return Math.floor((item * shapeNames.length) / this.count);
  }

  id(item: number): string {
    const label = this.label(item);
    const first = Math.ceil((label * this.count) / shapeNames.length);
    return `${shapeNames[label]!}/${String(item - first).padStart(4, '0')}.png`;
  }

  isHeldOut(item: number): boolean {
    return item % 10 === 9;
  }

  summary(): DatasetSummary {
    const classCounts = shapeNames.map(() => 0);
    for (let item = 0; item < this.count; item++) classCounts[this.label(item)]!++;
    return {
      format: this.format,
      count: this.count,
      heldOut: Math.floor(this.count / 10),
      classes: shapeNames,
      classCounts,
      report: {
        used: this.count,
        skipped: [
          { name: 'disc/scan 0117.png', reason: say('datasets.cutOff') },
          { name: 'notes.txt', reason: say('datasets.notAnImage') },
        ],
        leftOut: 0,
        notices: [],
      },
    };
  }

  items(): ItemTable {
    return {
      count: this.count,
      labels: Int32Array.from({ length: this.count }, (_, item) => this.label(item)),
      heldOut: Uint8Array.from({ length: this.count }, (_, item) => Number(this.isHeldOut(item))),
    };
  }

  /** The pictures as they are stored: sharp, with a little noise that no model can know. */
  images(items: ArrayLike<number>): Uint8Array {
    const size = bytesPerImage(this.format);
    const images = new Uint8Array(items.length * size);
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      const weights = shapeNames.map((_, label) => Number(label === this.label(item)));
      const values = drawShapes(this.format, weights, placement(this.#style(item, 3)));
      const noise = randomKey(this.seed, item, 2);
      for (let at = 0; at < size; at++) images[i * size + at] = 255 * values[at]! * (0.88 + 0.12 * randomUniform(noise, at));
    }
    return images;
  }

  /** Means of all items: count x latent. */
  means(latent: number, learned: number): Float32Array {
    const { first, last } = this.#ends(latent);
    return first.map((from, at) => (1 - learned) * from + learned * last[at]!);
  }

  mean(item: number, latent: number, learned: number): Float32Array {
    const { first, last } = this.#ends(latent);
    const at = item * latent;
    return first.slice(at, at + latent).map((from, i) => (1 - learned) * from + learned * last[at + i]!);
  }

  logVariance(latent: number, learned: number): Float32Array {
    return Float32Array.from({ length: latent }, (_, i) => (isUsed(i) ? -3.2 * learned : 0));
  }

  /** What one latent decodes to: height x width x channels probabilities. */
  decode(z: Float32Array, learned: number): Float32Array {
    // Means have come this part of their way, so that the mean of an item gives its picture at any time.
    const place = z.map((value) => value / Math.max(learned, 0.1));
    const weights = classWeights(place);
    const residual = place.map((value, i) => value - centres(z.length).reduce((sum, centre, label) => sum + weights[label]! * centre[i]!, 0));
    const sharp = drawShapes(this.format, weights, placement(residual));
    const average = drawShapes(this.format, shapeNames.map(() => 1 / shapeNames.length), { x: 0, y: 0, size: 1 });
    return sharp.map((value, at) => learned * value + (1 - learned) * average[at]!);
  }

  neighbours(z: Float32Array, count: number, learned: number): Neighbours {
    const means = this.means(z.length, learned);
    const distances = Float32Array.from({ length: this.count }, (_, item) => distance(means.subarray(item * z.length, (item + 1) * z.length), z));
    const items = Uint32Array.from({ length: this.count }, (_, item) => item).sort((a, b) => distances[a]! - distances[b]!).slice(0, count);
    return { items, distances: Float32Array.from(items, (item) => distances[item]!) };
  }

  /** Where the means begin and where they end, count x latent each. */
  #ends(latent: number): Ends {
    if (this.#known?.latent === latent) return this.#known;
    const first = new Float32Array(this.count * latent);
    const last = new Float32Array(this.count * latent);
    const noise = new Float32Array(latent);
    for (let item = 0; item < this.count; item++) {
      fillNormal(noise, randomKey(this.seed, item, 0));
      const style = this.#style(item, latent);
      const centre = centres(latent)[this.label(item)]!;
      for (let i = 0; i < latent; i++) {
        first[item * latent + i] = (isUsed(i) ? 0.4 : 0.02) * noise[i]!;
        last[item * latent + i] = isUsed(i) ? centre[i]! + style[i]! : 0.02 * noise[i]!;
      }
    }
    return (this.#known = { latent, first, last });
  }

  /** Where an item lies in its class; the first three numbers are what the picture shows. */
  #style(item: number, latent: number): Float32Array {
    const style = new Float32Array(Math.max(latent, 3));
    fillNormal(style, randomKey(this.seed, item, 1));
    return style.map((value) => spread * Math.min(2, Math.max(-2, value)));
  }
}

export function isUsed(dimension: number): boolean {
  return dimension < mostUsed;
}

export function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
}

function placement(style: Float32Array): Placement {
  const limit = (value: number | undefined): number => Math.min(1, Math.max(-1, value ?? 0));
  return { x: 0.3 * limit(style[0]), y: 0.3 * limit(style[1]), size: 1 + 0.25 * limit(style[2]) };
}

const knownCentres = new Map<number, readonly Float32Array[]>();

/** A centre for each class: evenly on a sphere (Gonzalez 2010, Fibonacci lattice), in two dimensions on a circle. */
function centres(latent: number): readonly Float32Array[] {
  const known = knownCentres.get(latent);
  if (known) return known;
  const radius = 2.2;
  const made = shapeNames.map((_, label) => {
    const height = latent === 2 ? 0 : 1 - (2 * label + 1) / shapeNames.length;
    const angle = latent === 2 ? (2 * Math.PI * label) / shapeNames.length : label * Math.PI * (3 - Math.sqrt(5));
    const width = radius * Math.sqrt(1 - height * height);
    const centre = new Float32Array(latent);
    centre.set([width * Math.cos(angle), width * Math.sin(angle), radius * height].slice(0, latent));
    for (let i = 3; i < Math.min(latent, mostUsed); i++) centre[i] = randomUniform(randomKey(label), i) - 0.5;
    return centre;
  });
  knownCentres.set(latent, made);
  return made;
}

/** How much of each shape there is at a place, summing to 1. */
function classWeights(place: Float32Array): Float32Array {
  const squared = centres(place.length).map((centre) => distance(centre, place) ** 2);
  const nearest = Math.min(...squared);
  const weights = Float32Array.from(squared, (value) => Math.exp((nearest - value) / (2 * softness * softness)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
