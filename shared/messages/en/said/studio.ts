import type { LessonFrame } from '../../../lesson.js';
import type { ExecutorName } from '../../../model.js';

/** Questions to the studio that cannot be answered: about items and latents, measurements, the lesson, executors. */
export const studio = {
  noItem: (last: number, item: number) => `The dataset has the items 0 to ${last}; there is no item ${item}.`,
  noItemCalled: (name: string) => `There is no file and no item of the dataset called "${name}".`,
  latentLength: (latent: number, length: number) => `A latent of this run has ${latent} numbers, not ${length}.`,
  latentNotFinite: 'A latent is made of finite numbers.',
  morphSteps: (most: number, steps: number) => `A morph has 2 to ${most} steps, not ${steps}.`,

  noPrior: 'An autoencoder has no prior to sample from: sample between two classes instead.',
  noClasses: (name: string) => `There is no training image of a class "${name}": the images of this run have no classes.`,
  noClass: (name: string, known: string) => `There is no training image of a class "${name}": there are ${known}.`,
  codesNotFinite: 'The encoder of this run gives numbers that are not finite: there is nothing to measure.',
  components: (images: number, values: number, most: number, components: number) =>
    `${images} training images of ${values} values have at most ${most} principal components, not ${components}.`,

  lessonRefused: (state: 'idle' | 'preparing' | LessonFrame['state'] | 'stopped' | 'failed', what: 'started' | 'paused' | 'continued') =>
    `The lesson is ${state} and cannot be ${what} now.`,
  lessonEnded: 'The lesson was ended.',
  noLesson: 'No lesson is going on.',
  stopRunFirst: 'A run is going on: stop it first.',
  lessonMemory: 'The memory does not suffice for three models of these images: import them smaller.',

  executorMissing: (executor: ExecutorName, why: string) => `The executor ${executor} is not there: ${why} The executor onnx always is.`,
  nativeInUse: 'The run that goes on computes with the native backend: stop it first.',
};
