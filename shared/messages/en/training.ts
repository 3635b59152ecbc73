import type { Format } from '../format.js';

/** Nats as they are said in a sentence: two significant digits are enough. */
function nats(f: Format, value: number): string {
  return f.fixed(value, value >= 9.95 ? 0 : value >= 0.095 ? 1 : value >= 0.0095 ? 2 : 3);
}

function epochs(f: Format, n: number): string {
  return `${f.whole(n)} ${f.plural(n, { one: 'epoch', other: 'epochs' })}`;
}

/** The model and the course of a run. */
export const training = {
  model: 'Model',
  fixedFor: (f: Format, run: number) => `fixed for run ${f.whole(run)}`,
  objective: 'Objective',
  network: 'Network',
  networks: {
    dense: (f: Format, widths: readonly number[]) => `Dense, ${f.list(widths.map((width) => f.whole(width)))}`,
    conv: (f: Format, widths: readonly number[]) => `Convolutional, ${f.list(widths.map((width) => f.whole(width)))}`,
    'conv-resize': (f: Format, widths: readonly number[]) => `Convolutional with resizing, ${f.list(widths.map((width) => f.whole(width)))}`,
    'keras-conv-ae': () => 'Keras, convolutional autoencoder',
  },
  latent: 'Latent',
  dimensions: (f: Format, n: number) => `${f.whole(n)} ${f.plural(n, { one: 'dimension', other: 'dimensions' })}`,
  likelihood: 'Likelihood',
  likelihoods: {
    bernoulli: () => 'Bernoulli',
    'continuous-bernoulli': () => 'Continuous Bernoulli',
    gaussian: (f: Format, sigma: number) => `Gaussian, σ ${f.fixed(sigma, 3)}`,
    'gaussian-learned': () => 'Gaussian, σ learned',
    'gaussian-optimal': () => 'Gaussian, σ optimal',
    logistic: () => 'Discretised logistic',
  },
  batchAndSeed: 'Batch, seed',
  batchAndSeedAre: (f: Format, batch: number, seed: number) => `${f.whole(batch)}, ${seed}`,

  title: 'Training',
  epochOf: (f: Format, epoch: number, all: number) => `Epoch ${f.whole(epoch)} of ${f.whole(all)}`,
  progress: 'Part of the run that is done',
  pause: 'Pause',
  continue: 'Continue',
  step: 'Step',
  stop: 'Stop',
  /** Why a control cannot be used at present. */
  obstacles: {
    preparing: 'The run is still being prepared.',
    running: 'Pause first: then it goes on step by step.',
    stopping: 'The run is being stopped.',
    asked: 'The run has not answered the last request yet.',
    goingOn: 'The run is going on.',
    over: 'The run is over.',
  },
  trainOn: 'Train on',
  resume: 'Resume',
  untilEpoch: 'Until epoch',
  untilEpochLabel: 'Train until epoch',
  newRun: 'New run',
  imagesPerSecond: (f: Format, rate: number) => `${f.whole(rate < 100 ? rate : Math.round(rate / 10) * 10)} images/s`,
  left: (duration: string) => `${duration} left`,
  stepsDone: (f: Format, steps: number) => `${f.whole(steps)} ${f.plural(steps, { one: 'step', other: 'steps' })} done`,
  beta: 'Beta',
  betaLabel: 'Beta: weight of the KL term, from the next step on',
  betaNow: 'Beta now',
  rises: (f: Format, steps: number) => `rises over ${f.whole(steps)} ${f.plural(steps, { one: 'step', other: 'steps' })}`,
  capacity: 'Capacity',
  capacityNow: (f: Format, nats: number, end: number) => `${f.fixed(nats, 1)} of ${f.fixed(end, 1)} nats`,
  capacityFull: (f: Format, steps: number) => `full at step ${f.whole(steps)}`,
  cycles: (f: Format, period: number) => `rises every ${f.whole(period)} ${f.plural(period, { one: 'step', other: 'steps' })}`,
  denoising: 'Squared error on held-out images',
  fromNoisy: 'from noisy',
  fromClean: 'from clean',
  doingNothing: 'left noisy',
  rate: 'Rate',
  rateLabel: 'Learning rate, from the next step on',

  /** The sentence on what goes on. */
  says: {
    preparing: 'The run is being prepared.',
    firstEpochs: 'The first epochs: where the loss is going can be said after two of them.',
    stopping: 'The run ends after this step; its checkpoint is being written.',
    levelled: 'The loss has levelled off.',
    paused: (f: Format, n: number) => (n === 0 ? 'Paused in the first epoch.' : `Paused after ${epochs(f, n)}.`),
    stopped: (f: Format, n: number) => (n === 0 ? 'Stopped in the first epoch, with a checkpoint.' : `Stopped after ${epochs(f, n)}, with a checkpoint.`),
    finished: (f: Format, n: number) => `Finished: ${epochs(f, n)} are done.`,
    endedEarly: (f: Format, n: number, best: number) => `Ended early, after ${epochs(f, n)}: none was better on held-out images than epoch ${f.whole(best)}, whose weights these are.`,
    failed: (f: Format, n: number, kept: number) => `Broke off ${n === 0 ? 'in the first epoch' : `after ${epochs(f, n)}`}. Resume goes on ${kept === 0 ? 'in the first epoch' : `after epoch ${f.whole(kept)}`}.`,
    reconstructionFalls: (f: Format, value: number) => `Reconstruction still improves, by ${nats(f, value)} nats an epoch.`,
    klFalls: (f: Format, value: number) => `The KL term still falls, by ${nats(f, value)} nats an epoch.`,
    lossFalls: (f: Format, value: number) => `The loss still falls, by ${nats(f, value)} nats an epoch.`,
    lossRises: (f: Format, value: number) => `The loss rises, by ${nats(f, value)} nats an epoch.`,
    byHeart: (f: Format, since: number, hasBeta: boolean) => `Since epoch ${f.whole(since)} it gets worse on held-out images while it still gets better on the others: it learns them by heart. More images, fewer epochs or ${hasBeta ? 'a larger beta' : 'a smaller latent'} help.`,
    broken: 'The loss is not a number any more: start again with a smaller rate.',
    skipped: (f: Format, n: number) => `${f.whole(n)} ${f.plural(n, { one: 'update was', other: 'updates were' })} skipped, for want of a finite gradient: a smaller rate helps.`,
    unused: (f: Format, unused: number, latent: number) => `KL of ${f.whole(unused)} of ${f.whole(latent)} dimensions is near zero: ${f.plural(unused, { one: 'it is', other: 'they are' })} not used.`,
    collapsed: (f: Format, latent: number) => `KL of all ${f.whole(latent)} dimensions is near zero: images are not told apart. A smaller beta helps.`,
    collapsedBelowCapacity: (f: Format, latent: number) => `KL of all ${f.whole(latent)} dimensions is still near zero: more steps or a larger beta lead it up to its capacity.`,
    collapsedAsAsked: (f: Format, latent: number) => `KL of all ${f.whole(latent)} dimensions is near zero: every image has become the prior, as the KL term alone asks for.`,
    denoises: (f: Format, left: number) => `Of the error that the noise makes, ${f.percent(left)} is left on held-out images.`,
    worseThanNoise: 'On held-out images it is still further from the clean image than the noisy one is.',
  },
  join: (sentences: readonly string[]) => sentences.join(' '),

  loss: 'Loss',
  reconstruction: 'Reconstruction',
  kl: 'KL',
  heldOut: 'Held out',
  none: '\u2013',
  lossUnit: 'Nats an image',
  atEpoch: (f: Format, epoch: number) => `At epoch ${f.fixed(epoch, 1)}`,
  range: 'Part of the run in the chart',
  all: 'All',
  recent: 'Recent',
  table: 'Figures as a table',
  lossChart: (f: Format, loss: number, reconstruction: number, kl: number, heldOut: number | null) =>
    `Loss by epoch, stacked: KL ${f.fixed(kl, 1)} and reconstruction ${f.fixed(reconstruction, 1)} nats, total ${f.fixed(loss, 1)}${heldOut === null ? '' : `, held out ${f.fixed(heldOut, 1)}`}`,
  lossChartPlain: (f: Format, loss: number, heldOut: number | null) => `Loss by epoch: ${f.fixed(loss, 1)} nats${heldOut === null ? '' : `, held out ${f.fixed(heldOut, 1)}`}`,
  lossChartEmpty: 'Loss by epoch: nothing has been measured yet',
  klChart: (f: Format, used: number, latent: number, greatest: number, dimension: number) =>
    `KL per dimension: ${f.whole(used)} of ${f.whole(latent)} in use, the greatest ${f.fixed(greatest, 2)} nats in dimension ${f.whole(dimension)}`,
  klTitle: 'KL per dimension, nats',
  inUse: (f: Format, used: number, latent: number) => `${f.whole(used)} of ${f.whole(latent)} in use`,
  afterFirstEpoch: 'after the first epoch',
  tableTitle: (f: Format, run: number) => `Run ${f.whole(run)} in figures`,
  lastEpochs: (f: Format, n: number) => (n === 1 ? 'The epoch that is done, nats an image' : `The last ${f.whole(n)} epochs, nats an image`),
  noEpochs: 'No epoch is done yet.',
  epoch: 'Epoch',
  dimension: 'Dimension',

  /** Spoken every tenth epoch. */
  spokenEpoch: (f: Format, epoch: number, loss: number, isFalling: boolean) => `Epoch ${f.whole(epoch)}, loss ${f.fixed(loss, 1)}, ${isFalling ? 'falling' : 'not falling'}.`,
};
