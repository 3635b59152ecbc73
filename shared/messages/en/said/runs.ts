import type { ExecutorName } from '../../../model.js';
import type { RunState } from '../../../run.js';
import type { Format } from '../../format.js';

/** Runs, their checkpoints, and predictions of them. */
export const runs = {
  executorFailed: (executor: ExecutorName, how: string) => `The executor ${executor} has failed: ${how}.`,
  executorCannot: (executor: ExecutorName, why: string) => `The executor ${executor} cannot run this model: ${why}`,
  fault: (how: string) => `The training broke off because of a fault in the program: ${how}`,
  noMemory: 'The memory does not suffice for this model, even with one image a step: choose a smaller one.',
  noMemoryFor: (batch: number, smaller: number) => `The memory does not suffice for ${batch} images a step: try a batch of ${smaller}.`,
  readerFailed: (how: string) => `The thread that reads the images has failed: ${how}.`,
  readerEnded: 'The thread that reads the images has ended.',
  neverFinite: 'No gradient is finite any more, not from the beginning either: begin again with a smaller learning rate or another likelihood.',

  skipped: (step: number, f: Format) => `The update of step ${f.whole(step)} was skipped: its gradient was not finite. If that goes on, a smaller learning rate helps.`,
  wentBack: (step: number, to: number, rate: number, f: Format) =>
    `The gradients of many steps up to step ${f.whole(step)} were not finite: the run goes on from ${to === 0 ? 'the initial weights' : `the weights of step ${f.whole(to)}`} with half the learning rate, ${f.significant(rate)}.`,
  endedEarly: (epoch: number) => `The run ends early: nothing has become better on the held-out images since epoch ${epoch}, whose weights these are.`,
  byHeart: (epoch: number) =>
    `The model is learning its training images by heart: since epoch ${epoch} it gets worse on the held-out images while it still gets better on the others. More images, fewer epochs or a larger beta help.`,
  bestUnusable: (epoch: number, why: string) => `The weights of epoch ${epoch}, the best so far, cannot be used, and the best epoch is looked for anew: ${why}`,
  noneHeldOut: 'No image is held out, so that overfitting cannot be seen.',

  trainerTaken: 'This trainer has another task: it does one in its life.',
  refused: (state: RunState, what: 'started' | 'measured' | 'paused' | 'resumed' | 'stepped' | 'stopped' | 'changed') => `The run is ${state} and cannot be ${what} now.`,
  measurementCancelled: 'The measurement was cancelled.',
  predictionCancelled: 'The prediction was cancelled.',
  measuringBeside: 'Something is being trained: a measurement beside it would say little.',
  noRun: 'No run is going on.',
  runGoesOn: 'A run is going on already: stop it first.',
  /** One sentence after the other. */
  both: (first: string, second: string) => `${first} ${second}`,
  checkpointKept: (how: string, step: number, f: Format) => `${how} The checkpoint of step ${f.whole(step)} is kept.`,

  exists: (dir: string) => `There is a run in ${dir} already: resume it, or begin a new one in another folder.`,
  keepsSettings: (setting: string) => `A run that is resumed keeps its settings: its ${setting} cannot be changed.`,
  over: (epoch: number) => `This run is over after epoch ${epoch}: ask for more epochs than that to go on.`,
  noCheckpoint: (dir: string) => `The run in ${dir} has no checkpoint yet.`,
  checkpointUnusable: (path: string, reason: string) => `The checkpoint ${path} cannot be used: ${lowerFirst(reason)}`,
  noUsableCheckpoint: (dir: string, first: string) => `No checkpoint in ${dir} can be used. ${first}`,
  checkpointMetadata: 'Its metadata are not those of a checkpoint.',
  tried: 'It has been tried.',
  linesMissing: (counted: number, there: number) => `It counts ${counted} lines of metrics and there are ${there}.`,
  otherDataset: 'It is of a dataset with another number of images.',
  sumsDamaged: 'Its sums over the epoch are damaged.',
  tensorMissing: (name: string) => `It lacks the tensor ${name}.`,
  tensorShape: (name: string, shape: string, own: string) => `Its tensor ${name} has the shape [${shape}], the model's [${own}].`,
  tensorForeign: (name: string) => `It has a tensor ${name}, which the model has not.`,
};

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
