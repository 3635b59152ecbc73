import type { Format } from '../format.js';

/** The principal components of the pixels beside a model. */
export const baseline = {
  view: 'Whose latents the cloud shows',
  views: { model: 'Model', pca: 'PCA' },
  viewHints: { model: 'The latents of the model', pca: 'As many principal components of the pixels: what a linear autoencoder can do at best' },
  title: (f: Format, components: number) => `PCA of the pixels, ${f.whole(components)} ${f.plural(components, { one: 'component', other: 'components' })}`,
  explained: (f: Format, axes: number, part: number) => `PC ${axes > 1 ? `1 to ${f.whole(axes)} hold` : '1 holds'} ${f.percent(part)} of the variance`,
  axis: (f: Format, axis: number) => `PC ${f.whole(axis)}`,
  hint: 'The pixels alone, no model: drag to orbit, scroll to zoom. Empty places are decoded, and morphs drawn, in the model\u2019s cloud',
  fit: 'Fit PCA',
  fitting: 'The principal components are being fitted',
  section: 'PCA beside the model',
  sectionHint: (f: Format, components: number) => `${f.whole(components)} ${f.plural(components, { one: 'component', other: 'components' })}`,
  howTo: 'What would as many principal components of the pixels make of this image? They are fitted to all training images once.',
  model: 'Model',
  pca: 'PCA',
  error: (f: Format, mse: number) => `error ${f.fixed(mse, 4)}`,
  errorHint: 'Mean squared error of a pixel in [0, 1]',
};
