/** Where a latent lies to those of the training images. */
export type LatentPlace = 'amid' | 'edge' | 'outside';

/** A hole of the latent space begins where only one sample in a hundred of the training posterior lies in a thinner region. */
const outside = 0.01;
const edge = 0.1;

/** @param typicality see `GeneratedImages` */
export function typicalityWord(typicality: number): LatentPlace {
  if (typicality < outside) return 'outside';
  return typicality < edge ? 'edge' : 'amid';
}
