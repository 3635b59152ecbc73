import type { Format } from '../format.js';

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** 1st, 2nd, 3rd, 4th. */
function ordinal(n: number): string {
  const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${n}${endings[ordinals.select(n)] ?? 'th'}`;
}

/** One image or one place of the latent space, and its latent. */
export const inspector = {
  empty: 'Select an image in the cloud: its reconstruction, its neighbours and its latent appear here.',
  waiting: 'The reconstruction, the neighbours and the latent appear here with the first weights of the run.',
  /** A latent that belongs to no item, by where it comes from. */
  headings: {
    generated: (f: Format, number: number) => `Generated image ${f.whole(number)}`,
    centroid: (of: string) => `Centroid of ${of}`,
    edited: (f: Format, item: number) => `Edited from item ${f.whole(item)}`,
    place: 'A place in the cloud',
  },
  noItem: 'No item lies here. This is what the model makes of the place.',
  previous: 'Previous image',
  next: 'Next image',
  noPrevious: 'This is the first image.',
  noNext: 'This is the last image.',
  original: 'Original',
  reconstruction: 'Reconstruction',
  edited: 'Edited',
  byLatent: 'by the sliders',
  editedHint: 'What the model makes of the latent as the sliders stand',
  change: 'What the edit changes',
  changeHint: 'Edited image minus reconstruction: blue where it is darker, orange where it is brighter. Full colour from half of the whole range.',
  decoded: 'Decoded image',
  difference: 'Difference',
  differenceHint: 'Second image minus original: blue where it is darker, orange where it is brighter. Full colour from half of the whole range.',
  noisy: 'Noisy',
  restored: 'Restored',
  fromNoisy: 'Restored',
  fromClean: 'From clean',
  leftNoisy: 'Left noisy',
  denoisingHint: 'Mean squared difference from the original, black to white being 1: of the restored image, of what the model makes of the original itself, and of the noisy image, which is what doing nothing costs',
  nats: (f: Format, nats: number) => `${f.fixed(nats, 1)} nats`,
  natsHint: 'Negative log-likelihood of the original under the decoder at the encoded mean',
  range: (f: Format, least: number, most: number) => {
    const digits = Math.max(-least, most) < 0.1 ? 2 : 1;
    return `${f.signed(least, digits)} to ${f.signed(most, digits)}`;
  },
  part: (name: string | null, isHeldOut: boolean) => `${name === null ? '' : `${name}, `}${isHeldOut ? 'held out' : 'train'}`,
  neighbours: 'Neighbours',
  neighboursHint: 'distance in latent space',
  neighbour: (f: Format, item: number, name: string | null, distance: number) => `Item ${f.whole(item)}${name === null ? '' : `, ${name}`}, distance ${f.fixed(distance, 2)}`,
  latent: 'Latent',
  marks: 'marks: prior quantiles',
  percent: (n: number) => `${n} %`,
  reset: 'Return all to the encoded latent',
  nothingToReset: 'No slider has been moved.',
  dimension: (f: Format, dimension: number) => `Dimension ${f.whole(dimension)}`,
  dimensionHint: (f: Format, kl: number) => `KL ${f.fixed(kl, 2)} nats. Shift moves ten times finer; double click or Delete returns to the encoded value.`,
  /** `percentile` is null for a model without a prior. */
  dimensionValue: (f: Format, value: number, percentile: number | null) =>
    `${value < 0 ? 'minus ' : ''}${f.fixed(Math.abs(value), 2)}${percentile === null ? '' : `, ${ordinal(percentile)} percentile of the prior`}`,
  copied: 'The latent is on the clipboard.',
};
