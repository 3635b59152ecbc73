import type { Format } from '../format.js';

/** What a model consists of, as a picture and as a table. */
export const network = {
  title: 'Network',
  layersOf: (f: Format, parameters: number) => `${f.whole(parameters)} parameters`,
  show: 'Layers',
  picture: (f: Format, encoder: number, latent: number, decoder: number, parameters: number) =>
    `The network: ${f.whole(encoder)} ${f.plural(encoder, { one: 'layer', other: 'layers' })} of the encoder, a bottleneck of ${f.whole(latent)}, ${f.whole(decoder)} ${f.plural(decoder, { one: 'layer', other: 'layers' })} of the decoder, ${f.whole(parameters)} parameters`,
  scale: 'Height: values that come out, on a logarithmic scale',
  layer: 'Layer',
  output: 'Output',
  parameters: 'Parameters',
  all: 'All',
};
