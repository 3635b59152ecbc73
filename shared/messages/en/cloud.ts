import type { Format } from '../format.js';

/** The cloud of latents. */
export const cloud = {
  label: (f: Format, count: number, classes: number) =>
    classes > 0
      ? `Cloud of ${f.whole(count)} latents in ${f.whole(classes)} ${f.plural(classes, { one: 'class', other: 'classes' })}; arrow keys move between neighbours`
      : `Cloud of ${f.whole(count)} latents; arrow keys move between neighbours`,
  tools: 'Cloud',
  epoch: (f: Format, epoch: number) => `Epoch ${f.whole(epoch)}`,
  drawnOf: (f: Format, drawn: number, count: number) => `${f.whole(drawn)} of ${f.whole(count)}`,
  drawn: 'drawn',
  milliseconds: (f: Format, ms: number) => `${f.fixed(ms, 1)} ms`,
  aStep: 'a step',
  pca: (f: Format, explained: number) => `PCA, 3 axes hold ${f.percent(explained)} of the variance`,
  sketched: (f: Format, latent: number, explained: number) =>
    `PCA of 64 random directions of ${f.whole(latent)}, 3 axes hold ${f.percent(explained)} of their variance`,
  raw: (f: Format, latent: number) => `${f.whole(latent)} latent ${f.plural(latent, { one: 'dimension', other: 'dimensions' })}, as ${latent === 1 ? 'it is' : 'they are'}`,
  hint: 'Drag to orbit, Shift drag to pan, scroll to zoom, click empty space to decode there',
  empty: 'Every image will appear here as a point as soon as the model has seen it.',
  thumbnails: 'Thumbnails',
  thumbnailSize: 'Size of thumbnails',
  small: 'Small',
  large: 'Large',
  fit: 'Fit the cloud (F)',
  home: 'Home view (H)',
  item: (f: Format, item: number) => `item ${f.whole(item)}`,
  ofClass: (name: string) => `class ${name}`,
  withoutClass: 'no class',
  heldOut: 'held out',
  spokenItem: (f: Format, item: number, name: string) => `Item ${f.whole(item)}, ${name}`,
  spokenInFull: (f: Format, item: string, nats: number, nearest: readonly string[]) => `${item}. Reconstruction ${f.fixed(nats, 1)} nats. Nearest: ${nearest.join('; ')}`,
  nothingThere: 'No point in that direction',
  contextLost: 'The graphics card let go of the picture. It is being restored; nothing else is affected.',
  noGraphics: 'The cloud cannot be drawn: this window has no WebGL 2. Everything else works.',
};
