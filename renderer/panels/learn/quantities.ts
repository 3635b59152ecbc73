import { bits, divergence, entropy, misprintedCrossEntropy } from '../../../shared/information/densities.js';
import { divergenceFromUnitNormal, gaussianCrossEntropy, gaussianDensity, gaussianDivergence, gaussianEntropy, type Gaussian } from '../../../shared/information/gaussians.js';

/** The part of the line that is drawn and, where there is no closed form, summed over: -6 to 6. */
export const edge = 6;
const cells = 600;
const cell = (2 * edge) / cells;
/** The middles of the cells. */
export const places = Float64Array.from({ length: cells }, (_, i) => -edge + (i + 0.5) * cell);

/** How far a density may be dragged: until its entropy is negative, and so far that nowhere on `places` it is too thin for a number. */
export const limits = { mean: { min: -2, max: 2 }, deviation: { min: 0.22, max: 2 } } as const;

export type Unit = 'nats' | 'bits';

export const quantityNames = ['entropy', 'crossEntropy', 'forward', 'backward', 'unit', 'misprint', 'misprintedKl'] as const;
export type QuantityName = (typeof quantityNames)[number];

/** A density on `places`. */
export function densityOf(gaussian: Gaussian): Float64Array {
  return places.map((x) => gaussianDensity(gaussian, x));
}

/** All quantities of two densities, in the unit: closed forms, but for the misprint, which has none on part of the line. */
export function quantitiesOf(p: Gaussian, q: Gaussian, unit: Unit): Readonly<Record<QuantityName, number>> {
  const [onP, onQ] = [densityOf(p), densityOf(q)];
  const misprint = misprintedCrossEntropy(onP, onQ, cell);
  const nats: Record<QuantityName, number> = {
    entropy: gaussianEntropy(p),
    crossEntropy: gaussianCrossEntropy(p, q),
    forward: gaussianDivergence(p, q),
    backward: gaussianDivergence(q, p),
    unit: divergenceFromUnitNormal(p.mean, 2 * Math.log(p.deviation)),
    misprint,
    misprintedKl: misprint - entropy(onP, cell),
  };
  if (unit === 'nats') return nats;
  // Without its logarithm the misprint has no unit to change; only the entropy that is taken from it has.
  return { ...mapValues(nats, bits), misprint, misprintedKl: misprint - bits(entropy(onP, cell)) };
}

/** p log(p/q) on `places`: what KL(p || q) is the integral of, cell by cell. */
export function integrandOf(p: Gaussian, q: Gaussian, unit: Unit): Float64Array {
  return places.map((x) => {
    const nats = divergence([gaussianDensity(p, x)], [gaussianDensity(q, x)]);
    return unit === 'nats' ? nats : bits(nats);
  });
}

function mapValues(values: Readonly<Record<QuantityName, number>>, change: (value: number) => number): Record<QuantityName, number> {
  return Object.fromEntries(quantityNames.map((name) => [name, change(values[name])])) as Record<QuantityName, number>;
}
