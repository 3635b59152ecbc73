import type { Evaluation } from '../../../../shared/measuring.js';
import { command } from '../command.js';
import { count } from '../duration.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { integer, optional } from '../option.js';
import { measured, measuringProgress } from './measuring.js';
import { runOption } from './runOption.js';

export const evaluate = command({
  name: 'evaluate',
  summary: 'Measure how good a model and its latent space are.',
  details: 'On the held-out images, or the training images where none are held out. Nats are sums over pixels and latents and means over images.',
  options: {
    ...runOption,
    samples: optional(integer(1, 5000), 'latents drawn for each image; more tighten the importance-weighted bound; 50 is the default'),
    seed: optional(integer(0, 0xffffffff), 'decides what is drawn; 0 is the default'),
  },
  run: async ({ run, samples = 50, seed = 0 }, shell) => {
    const studio = await shell.studio(measuringProgress(shell.output));
    const evaluation = await measured(shell, studio, () => studio.evaluate(run, { samples, seed }));
    if (!evaluation) return exitInterrupted;
    shell.output.result({ kind: 'evaluation', ...evaluation }, inWords(evaluation));
    for (const { message } of evaluation.notes) shell.output.note(message);
    return exitDone;
  },
});

function inWords(of: Evaluation): string {
  const lines: (readonly [string, number | null, string])[] = [
    ['ELBO', of.elbo, 'nats'],
    ['reconstruction', of.reconstruction, 'nats'],
    ['KL', of.kl, 'nats'],
    [`log p(x), bound of ${count(of.samples)} samples`, of.iwae, 'nats'],
    ['bits a value', of.bitsPerDimension, ''],
    ['active units', of.activeUnits, `of ${of.meanVariances.length}`],
    ['KL of the aggregate posterior', of.aggregateKl, 'nats'],
    ['mutual information', of.mutualInformation, 'nats'],
    ['total correlation', of.totalCorrelation, 'nats'],
    ['squared MMD to the prior', of.mmd, ''],
    ['holes', of.holes, 'of the prior'],
    ['round trip', of.roundTrip, 'a dimension'],
    ['trustworthiness in 3D', of.trustworthiness, ''],
    ['continuity in 3D', of.continuity, ''],
    ['class by 5 neighbours', of.neighbourAccuracy, ''],
    ['class by linear probe', of.probeAccuracy, ''],
    ['pixel path length', of.pixelPathLength, ''],
    ['squared error a pixel, at the means', of.msePerPixel, ''],
  ];
  const column = Math.max(...lines.map(([name]) => name.length)) + 2;
  const part = of.part === 'heldOut' ? 'held-out' : 'training';
  return [
    `${count(of.images)} ${part} images, weights of step ${count(of.step)}`,
    ...lines.map(([name, value, unit]) => `${name.padEnd(column)}${value === null ? '-' : `${plain(value)} ${unit}`}`.trimEnd()),
    ...(of.collapsed ? ['The posterior has collapsed: the latents say nothing of the image, and the decoder shows one image for all.'] : []),
  ].join('\n');
}

/** Four digits that say something; whole numbers as they are. */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
}
