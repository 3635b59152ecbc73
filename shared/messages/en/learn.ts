import type { LessonPart } from '../../lesson.js';
import type { Format } from '../format.js';

/** Nats or bits: fewer decimals of larger numbers. */
function amount(f: Format, value: number): string {
  return f.fixed(value, Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2);
}

/** The lesson on why both losses are needed, and the quantities that it is about. */
export const learn = {
  title: 'Why both losses',
  back: 'Back',
  notNow: 'Once the images are there.',
  invitation: 'Begin with the idea',
  invitationWhy: 'Why a variational autoencoder needs both of its losses: three small trainings side by side, live.',
  view: 'What is shown',
  lesson: 'Three trainings',
  quantities: 'The quantities',

  start: 'Start',
  pause: 'Pause',
  continue: 'Continue',
  again: 'Again with another seed',
  stop: 'Stop',
  noImages: 'There are no images to train on yet: choose some below.',
  noTrainer: 'A run is going on: stop it first.',
  busy: (name: string) => `${name} is training, and there is one trainer. Stop that run first: it can be resumed afterwards. Or come back when it is done; it is not disturbed.`,
  goTo: 'Go to it',
  takenAway: 'The lesson was ended from elsewhere: by a run that was started, or by another window.',

  about: (f: Format, images: number) => `${f.whole(images)} images, two latent dimensions.`,
  starting: 'The three models are being prepared.',
  stepOf: (f: Format, step: number, steps: number) => `Step ${f.whole(step)} of ${f.whole(steps)}`,
  left: (duration: string) => `${duration} left`,
  states: { paused: 'Paused', finished: 'Finished', stopped: 'Stopped' },
  progress: 'Progress of the lesson',

  choose: 'Which images shall it be taught with?',
  chooseWhy: 'The lesson trains for real, on images: a sample, or a folder of yours. Handwritten digits show it best and quickest.',
  digits: 'Handwritten digits',
  shapes: 'Shapes',
  folder: 'Choose folder',

  guide: 'What to look at',
  guideStep: (f: Format, step: number, steps: number) => `${f.whole(step)} of ${f.whole(steps)}`,
  previous: 'Previous',
  first: 'This is the first one.',
  next: 'Next',
  last: 'This is the last one.',
  steps: [
    {
      title: 'One start, three aims',
      text: 'Three equal models see the same images in the same order and with the same noise. They differ in what they minimise, and in nothing else. A dot is the mean of one image in the latent space; the circles are one and two standard deviations of the prior, from which new images are drawn.',
    },
    {
      title: 'Reconstruction only',
      text: 'See how small the circles become: nothing keeps the cloud near the prior, and nothing keeps its posteriors wide. Images are told apart well, but the prior\u2019s samples below mostly fall where no image lies, and look like nothing.',
    },
    {
      title: 'KL only',
      text: 'All dots run into one: every posterior becomes the prior itself. The KL term is at its minimum, 0, and the latent knows nothing of the image. The decoder is not trained by this loss at all.',
    },
    {
      title: 'Both',
      text: 'Reconstruction pushes the classes apart, KL holds them within the circles and keeps each posterior wide enough to touch its neighbours. Compare its holes and its samples with those on the left.',
    },
    {
      title: 'What KL measures',
      text: 'Move the two densities under The quantities. KL is an expectation of log(p/q) under p: it is the area of the lower curve, it is 0 only where q is p, and it changes when p and q change places.',
    },
  ],

  parts: { reconstruction: 'Reconstruction only', kl: 'KL only', both: 'Both' } satisfies Record<LessonPart, string>,
  minimises: (formula: string) => `minimises ${formula}`,
  waiting: { resting: 'Not begun.', starting: 'No steps yet.' },
  says: {
    early: 'Too early to say.',
    broken: 'The loss is not a number any more. Start again with another seed.',
    gaps: (f: Format, holes: number, variance: number) => `Gaps: ${f.percent(holes)} of what the prior draws falls where no image lies. The posteriors have a variance of ${f.significant(variance)}, the prior one of 1.`,
    loose: (f: Format, _: number, variance: number) => `Nothing ties its posteriors to the prior: their variance has grown to ${f.significant(variance)}, instead of shrinking to points as it often does.`,
    noGaps: (f: Format, holes: number) => `Hardly any gaps so far: ${f.percent(holes)} of what the prior draws falls where no image lies.`,
    collapsed: (f: Format, kl: number) => `Collapsed to the unit normal: every image has the same posterior, KL is ${f.fixed(kl, 2)} nats, and the latent says nothing.`,
    closing: (f: Format, kl: number) => `On its way to the unit normal: KL is ${amount(f, kl)} nats.`,
    collapsedToo: (f: Format, kl: number) => `It has collapsed as well: KL is ${f.fixed(kl, 2)} nats, so the images are not told apart (yet).`,
    balanced: (f: Format, holes: number, kl: number) => `Balance: for ${amount(f, kl)} nats of KL the images are told apart, and ${f.percent(holes)} of what the prior draws falls into gaps.`,
    settling: (f: Format, holes: number, kl: number) => `No balance so far: ${amount(f, kl)} nats of KL, and ${f.percent(holes)} of what the prior draws still falls into gaps.`,
  },
  spoken: {
    early: 'too early to say',
    broken: 'the loss is not a number any more',
    gaps: 'gaps',
    loose: 'posteriors tied to nothing',
    noGaps: 'hardly any gaps',
    collapsed: 'collapsed to the unit normal',
    closing: 'on its way to the unit normal',
    collapsedToo: 'collapsed as well',
    balanced: 'balance',
    settling: 'no balance so far',
  },
  spokenPart: (part: string, finding: string) => `${part}: ${finding}.`,

  cloud: (f: Format, part: string, count: number, reach: number) => `${part}: means of ${f.whole(count)} images in the latent space, within ${f.fixed(reach, 1)} of the middle, over the circles of one and two standard deviations of the prior`,
  cloudEmpty: (part: string) => `${part}: the circles of one and two standard deviations of the prior, no means yet`,
  samples: (f: Format, count: number) => `${f.whole(count)} samples of the prior, decoded`,
  shown: (f: Format, shown: number, images: number) => `${f.whole(shown)} of ${f.whole(images)} training images shown`,
  others: 'others',
  classes: 'Classes',

  amount,
  none: '\u2013',
  of: (f: Format, count: number, all: number) => `${f.whole(count)} of ${f.whole(all)}`,
  figures: 'Measured',
  figureNames: { reconstruction: 'Reconstruction', kl: 'KL', elbo: 'ELBO', holes: 'Holes', activeUnits: 'Active units', variance: 'Variance' },
  definitions: {
    reconstruction: 'E[\u2212log p(x|z)], z drawn from the posterior q(z|x): what the image costs once its latent is known. Nats an image, mean of the newest 20 batches.',
    kl: 'KL(q(z|x) \u2016 p(z)): what the latent costs beyond the prior, summed over both dimensions. Nats an image, never below 0.',
    elbo: '\u2212(reconstruction + KL), a lower bound of log p(x) for any model and any posterior, trained on it or not. Nats an image; only the third model maximises it.',
    holes: 'The part of the prior\u2019s samples that lie where the posteriors together are thinner than at 99 % of their own samples.',
    activeUnits: 'Latent dimensions whose posterior mean varies from image to image: variance above 0.01.',
    variance: 'Variance of the posterior, mean over images and dimensions. The prior\u2019s is 1.',
  },

  unit: 'Unit',
  nats: 'nats',
  bits: 'bits',
  densities: (f: Format, pMean: number, pDeviation: number, qMean: number, qDeviation: number) =>
    `Two normal densities: p with mean ${f.fixed(pMean, 2)} and deviation ${f.fixed(pDeviation, 2)}, q with mean ${f.fixed(qMean, 2)} and deviation ${f.fixed(qDeviation, 2)}`,
  mean: (name: string) => `Mean of ${name}`,
  deviation: (name: string) => `Deviation of ${name}`,
  parameters: { mean: 'mean', deviation: 'deviation' },
  drag: 'Drag the dots: the round one moves a density, the square one widens it.',
  makeEqual: 'Make q = p',
  alreadyEqual: 'They are equal.',
  which: 'Direction of the divergence',
  area: (f: Format, formula: string, value: number, unit: string) => `The area under this curve, what lies below the axis counted as negative, is ${formula} = ${f.fixed(value, 3)} ${unit}.`,
  integrand: (formula: string) => `Integrand of ${formula}`,
  value: 'Quantity',
  quantityNames: {
    entropy: 'Entropy of p',
    crossEntropy: 'Cross-entropy',
    forward: 'KL of p from q',
    backward: 'KL of q from p',
    unit: 'KL of p from the unit normal',
    misprint: 'Cross-entropy as misprinted',
    misprintedKl: 'The \u201cKL\u201d that this gives',
  },
  quantityDefinitions: {
    entropy: 'H(p) = \u222b p log(1/p) dx. Of a density it may be negative, where p is narrow.',
    crossEntropy: 'H(p, q) = \u222b p log(1/q) dx. For a given p it is smallest where q is p; then it is H(p), not 0.',
    forward: 'KL(p \u2016 q) = \u222b p log(p/q) dx = H(p, q) \u2212 H(p). Never below 0, and 0 only where q is p.',
    backward: 'KL(q \u2016 p) = \u222b q log(q/p) dx. Not the same as the other direction.',
    unit: 'KL(N(\u03bc, \u03c3\u00b2) \u2016 N(0, 1)) = \u00bd(\u03bc\u00b2 + \u03c3\u00b2 \u2212 1 \u2212 log \u03c3\u00b2): the KL term of one latent dimension, as training adds it up. The posterior stands first.',
    misprint: '\u222b p (1/q) dx: the formula is often printed so, without its logarithm. Here over what is drawn, \u22128 to 8; over the whole line it may be infinite.',
    misprintedKl: 'The misprinted cross-entropy less H(p). It ought to be 0 where q is p, and is not.',
  },
  misprintFails: (f: Format, value: number, unit: string) => `q is p, so its divergence must be 0. The form without the logarithm says ${f.fixed(value, 2)} ${unit}.`,
  misprintTry: 'Make q = p: the divergence becomes 0, and the form without the logarithm does not.',
  beyond: (f: Format, value: number) => `> ${f.whole(value)}`,
};
