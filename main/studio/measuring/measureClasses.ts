import type { Evaluation } from '../../../shared/measuring.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { LabelledMeans } from '../../metrics/LabelledMeans.js';
import { neighbourAccuracy } from '../../metrics/neighbourAccuracy.js';
import { rowsOf } from '../../metrics/Posterior.js';
import { probeAccuracy } from '../../metrics/probeAccuracy.js';
import type { MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

type MeasuredClasses = Pick<Evaluation, 'neighbourAccuracy' | 'probeAccuracy'>;
const undefinedHere: MeasuredClasses = { neighbourAccuracy: null, probeAccuracy: null };

/** How well the means of held-out images tell their classes, learnt from the training images (10,000 of them at most). */
export async function measureClasses(
  run: MeasuredRun,
  items: Uint32Array,
  means: Float32Array,
  notes: Sentence[],
  progress: Progress,
): Promise<MeasuredClasses> {
  const { heldOut, items: { labels } } = run.dataset;
  const { latent } = run.spec.model;
  if (heldOut.length === 0) {
    notes.push(say('measuring.classesNotHeldOut'));
    return undefinedHere;
  }
  const classes = new Set(run.trainingItems.map((item) => labels[item]!).filter((label) => label >= 0));
  if (classes.size < 2) {
    notes.push(say(classes.size === 0 ? 'measuring.noClasses' : 'measuring.oneClass'));
    return undefinedHere;
  }
  const known = labelled((await run.trainingCodes()).means, latent, run.trainingItems, labels);
  const tested = labelled(means, latent, items, labels);
  if (tested.labels.length === 0) {
    notes.push(say('measuring.noneHasClass'));
    return undefinedHere;
  }
  progress.report('comparing', 0, 1);
  return { neighbourAccuracy: neighbourAccuracy(known, tested), probeAccuracy: probeAccuracy(known, tested) };
}

/** Those of some items that have a class. */
function labelled(means: Float32Array, latent: number, items: Uint32Array, labels: Int32Array): LabelledMeans {
  const rows = Uint32Array.from(items.keys()).filter((row) => labels[items[row]!]! >= 0);
  return { latent, means: rowsOf(means, latent, rows), labels: Int32Array.from(rows, (row) => labels[items[row]!]!) };
}
