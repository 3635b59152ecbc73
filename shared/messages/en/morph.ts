import type { Format } from '../format.js';

/** Two images and what lies between them. */
export const morph = {
  title: 'Morph',
  play: 'Play back and forth (Space)',
  pause: 'Pause (Space)',
  swap: 'Swap A and B (X)',
  path: 'Path',
  lerp: 'Lerp',
  slerp: 'Slerp',
  lerpHint: 'Straight line in equal steps (1)',
  slerpHint: 'Arc in equal angles: stays at the distance from the origin that the prior expects (2)',
  frames: 'Frames',
  /** Why a control cannot be used at present. */
  needsBoth: 'Set A and B first.',
  needsOne: 'Set A or B first.',
  needsWeights: 'The run has no weights yet.',
  howTo: 'Two images, A and B, and everything that the model sees between them.',
  howToSet: 'Drag images, also generated ones, to the places A and B, search for them there, or select one and press A or B.',
  missing: (end: string) => `Now set ${end}: drag an image there, search for one, or select one and press ${end}.`,
  waiting: 'The morph begins with the first weights of the run.',
  pair: 'Two random images',
  pairOfClasses: 'Two random images of different classes',
  setA: 'Set as A of the morph',
  setB: 'Set as B of the morph',
  setEnd: (end: string) => `Search an image for ${end}`,
  changeEnd: (end: string, text: string) => `${end}: ${text}. Search another image`,
  removeEnd: (end: string) => `Remove ${end}`,
  dropHere: 'drop or search',
  search: (end: string) => `Image for ${end}`,
  searchHint: 'Number, name or class',
  nothingFound: 'No image has that number, name or class.',
  item: (f: Format, item: number) => `item ${f.whole(item)}`,
  /** An end that is no item, in two short lines: which one, and of what kind. */
  origins: {
    generated: (f: Format, number: number) => `image ${f.whole(number)}`,
    centroid: (of: string) => of,
    edited: (f: Format, item: number) => `item ${f.whole(item)}`,
    place: 'place',
  },
  kinds: { generated: 'generated', centroid: 'centroid', edited: 'edited', place: 'in the cloud' },
  near: (f: Format, radius: number) => `training images within ${f.fixed(radius, radius < 1 ? 2 : 1)}`,
  nearHint: 'Around a typical training image about ten others lie within this distance in latent space.',
  thin: (f: Format, frames: readonly number[], all: number) =>
    frames.length === all
      ? 'Few training images near any frame'
      : frames.length > 4
        ? `Few training images near ${f.whole(frames.length)} of ${f.whole(all)} frames`
        : `Few training images near ${f.plural(frames.length, { one: 'frame', other: 'frames' })} ${f.list(frames.map((frame) => f.whole(frame)))}`,
  slider: 'Place on the path from A to B',
  place: (f: Format, t: number, near: number) => `${f.fixed(t, 2)}, ${f.whole(near)} training ${f.plural(near, { one: 'image', other: 'images' })} near`,
  decoded: (f: Format, t: number) => `Decoded image at ${f.fixed(t, 2)} of the way from A to B`,
  frame: (f: Format, frame: number, near: number) => `Go to frame ${f.whole(frame)}, ${f.whole(near)} training ${f.plural(near, { one: 'image', other: 'images' })} near`,
};
