/** Notes to an evaluation: why some of its values are not there. */
export const measuring = {
  onTraining: 'No images are held out: everything was measured on the training images.',
  noPosterior: 'An autoencoder has no posterior: there is no ELBO, no KL, and nothing that compares with a prior.',
  noLikelihood: 'The cross-entropy with grey images is no likelihood: it has no bits a value.',
  flat: 'The means do not vary in as many directions as there are dimensions: their total correlation is not defined.',
  noNeighbourhoods: 'Fewer than 11 images: their neighbourhoods say nothing.',
  noDiscrepancy: 'One image has no discrepancy to the prior.',
  classesNotHeldOut: 'Without held-out images nothing can be said of how well latents tell classes.',
  noClasses: 'The images have no classes to be told.',
  oneClass: 'The training images have one class only: there is nothing to tell.',
  noneHasClass: 'No held-out image has a class.',
};
