import { presets } from '../shared/model.js';
import { plainPractice } from '../shared/objective.js';
import { within, type Anchor } from './Anchor.js';
import { format, pixels, together } from './mnist.js';
import { withTrained } from './training.js';

const adam = () => 0.001;

/** PyTorch, examples/vae: Kingma & Welling's model, cross-entropy summed over pixels. Four published logs are 0.2 apart. */
export const pytorchExample: Anchor = {
  name: 'A',
  setting: 'PyTorch examples/vae, 10 epochs',
  trains: true,
  measure: ({ training, test }, executor, tell) => {
    const network = { ...plainPractice, model: { ...presets['pytorch-example'], format } };
    return withTrained({ network, executor, digits: training, batch: 128, epochs: 10, rate: adam, tell }, async ({ epochs, evaluate }) => [
      within('train -ELBO, nats', 106.25, -epochs.at(-1)!.elbo!, 1),
      within('test -ELBO, nats', 105.6, -(await evaluate(test)).elbo!, 1),
    ]);
  },
};

/** Keras, examples/generative/vae: trained on training and test images together. */
export const kerasVae: Anchor = {
  name: 'C',
  setting: 'Keras generative/vae, 30 epochs, all 70,000',
  trains: true,
  measure: ({ training, test }, executor, tell) => {
    const network = { ...plainPractice, model: { ...presets['keras-vae'], format } };
    const course = { network, executor, digits: together(training, test), batch: 128, epochs: 30, rate: adam, tell };
    return withTrained(course, ({ model, epochs }) => {
      const parameters = (half: string) => model.layers.filter(({ name }) => name.startsWith(half)).reduce((sum, layer) => sum + layer.parameters, 0);
      const last = epochs.at(-1)!;
      return Promise.resolve([
        within('train -ELBO, nats', 146.94, -last.elbo!, 2.5),
        within('train KL, nats', 6.8, last.kl!, 0.3),
        within('encoder parameters', 69_076, parameters('encoder'), 0),
        within('decoder parameters', 65_089, parameters('decoder'), 0),
      ]);
    });
  },
};

/** Keras, examples/vision/autoencoder: convolutional, its bottleneck larger than its images; cross-entropy a pixel. */
export const kerasConvAe: Anchor = {
  name: 'E',
  setting: 'Keras convolutional autoencoder, 10 epochs',
  trains: true,
  measure: ({ training, test }, executor, tell) => {
    const network = { ...plainPractice, objective: 'ae', model: { ...presets['keras-conv-ae'], format } } as const;
    // The mean over pixels that the example minimises has a gradient 784 times smaller: nothing to Adam but for its epsilon.
    return withTrained({ network, executor, digits: training, batch: 128, epochs: 10, rate: adam, tell }, async ({ model, evaluate }) => [
      within('test cross-entropy a pixel, nats', 0.0648, (await evaluate(test)).reconstruction / pixels, 0.001),
      within('parameters', 28_353, model.parameters, 0),
    ]);
  },
};
