import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RunSettings, StudioApi } from '../../../../shared/contract/studio.js';
import { presetNames, presets, type ModelSpec } from '../../../../shared/model.js';
import { failure, FailureError } from '../../../../shared/failure.js';
import { defaultNoise, plainPractice } from '../../../../shared/objective.js';
import type { RunFile } from '../../../../shared/project.js';
import { checkObjective, type LossSpec } from '../../../models/checkObjective.js';
import { checkModelSpec } from '../../../models/modelSpec.js';
import { command } from '../command.js';
import { quoted } from '../commandLine.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { figureInWords } from '../figureInWords.js';
import { program } from '../help.js';
import { autoOr, choice, decimal, flag, integer, list, optional, required, text, usage, type Values } from '../option.js';
import { valueOf, type Shell } from '../Shell.js';
import { TrainingReport } from '../TrainingReport.js';
import { lossOptions } from '../lossOptions.js';
import { importInto, importProgress, importRequest, sourceOptions } from './source.js';

const options = {
  ...sourceOptions,
  model: optional(choice(['dense', 'conv', 'conv-resize']), 'fully connected (the default, any size), or convolutional (28, 32, 64 or 128 pixels), upsampling by transposed convolutions or by resizing'),
  arch: optional(choice(presetNames), 'a published architecture for grey images of 28 pixels, instead of --model, --hidden and --latent'),
  hidden: optional(list(integer(1, 65536), 'N,N', 'widths such as 400 or 512,256'), 'widths of the hidden layers; the default follows from the data'),
  linear: flag('linear layers instead of relu, and without --hidden none between image and latent'),
  latent: optional(integer(2, 64), 'dimensions of the latent space, 2 to 64; 2 is the default'),
  epochs: optional(integer(1, 100_000), 'passes over the training images; the default follows from their number'),
  batch: optional(integer(1, 4096), 'images a step; the default follows from their number'),
  ...lossOptions,
  rate: optional(decimal('a number above 0', (value) => value > 0), 'learning rate of Adam; 0.001 is the default'),
  seed: optional(integer(0, 0xffffffff), 'decides the initial weights, the order of the images and the noise; 0 is the default'),
  executor: optional(autoOr(choice(['onnx', 'tensorflow', 'webgpu'])), 'what runs the compiled steps; auto, the default, takes the fastest of those that this machine has; a resumed run keeps its own unless one is named'),
  out: required(text('DIR'), 'folder of the project: new, empty, or one with the same images (or, without --images, any project)'),
  resume: flag('continue the newest run of the project with its own settings, up to --epochs where given'),
};
type TrainValues = Values<typeof options>;

export const train = command({
  name: 'train',
  summary: 'Train a variational autoencoder on images.',
  details: 'Ctrl-C ends the run with a checkpoint; --resume goes on exactly there.',
  options,
  check: (given) => {
    importRequest(given);
    checkPossible(given);
  },
  run: async (given, shell) => {
    const report = new TrainingReport(shell.output);
    const onImport = importProgress(shell.output);
    const studio = await shell.studio((event) => (event.kind === 'importing' ? onImport(event) : report.hear(event)));
    const project = resolve(given.out);

    const request = importRequest(given);
    const isNew = !(await studio.openProject(project)).ok;
    if (given.resume) await checkResume(studio, project, given);
    else if (!request) await checkProject(studio, project);
    if (request && !(await importInto(shell, studio, project, request))) return exitInterrupted;

    if (!given.resume && !(await chooseExecutor(shell, studio, project, settingsOf(given)))) return exitInterrupted;
    let stop = (): void => undefined;
    shell.interrupts.endWith(() => stop());
    const { epochs = null, executor = 'auto' } = given;
    const starting = given.resume ? studio.resumeRun(project, epochs, executor === 'auto' ? null : executor) : studio.startRun(project, settingsOf(given));
    const start = await shell.wait('Preparing the run', starting);
    // Settings that do not fit these images: the next try may want the images otherwise, too.
    if (!start.ok && isNew) await studio.discardProject(project);
    const started = valueOf(start);
    stop = () => {
      shell.output.note('Stopping after this step, with a checkpoint. Ctrl-C again ends at once.');
      // How the run ends is told by its events.
      void studio.stopRun();
    };
    if (shell.interrupts.requested) stop();

    report.begin(project, started, await specOf(studio, project, started.dir));
    const end = await report.ended;
    if (end === 'finished') return exitDone;
    shell.output.note(`Continue with: ${program} train --resume --out ${quoted(given.out)}`);
    return exitInterrupted;
  },
});

/** Refuses settings that no images could be trained with, before any are imported for them. */
function checkPossible(given: TrainValues): void {
  const { size = 'auto', channels = 'auto', objective = plainPractice.objective, warmup } = given;
  const { kind, latent, hidden = [1] } = architectureOf(given);
  const sides = size === 'auto' ? [28, 32, 64, 128] : [size];
  const depths = channels === 'auto' ? ([1, 3] as const) : [channels];
  const formats = sides.flatMap((side) => depths.map((depth) => ({ width: side, height: side, channels: depth })));
  const checks = formats.map((format) => checkModelSpec({ model: { kind, format, latent, hidden }, objective }));
  if (checks.every(({ ok }) => !ok)) valueOf(checks[0]!);
  if (warmup !== undefined && given.cycles !== undefined) throw usage('Beta rises either once or in cycles: leave out --warmup or --cycles.');
  const loss: LossSpec = {
    objective,
    noise: given.noise ?? defaultNoise(objective),
    likelihood: given.likelihood ?? plainPractice.likelihood,
    beta: given.beta ?? 1,
    schedule: warmup === undefined && given.cycles === undefined ? plainPractice.schedule : { kind: 'warm-up', steps: warmup ?? 1 },
    freeBits: given['free-bits'] ?? plainPractice.freeBits,
  };
  valueOf(checkObjective(loss));
}

/** Kind, latents and hidden layers as they were chosen, one by one or by the name of all; without `hidden` they follow from the data. */
function architectureOf({ arch, model, hidden, latent, linear }: TrainValues): Pick<ModelSpec, 'kind' | 'latent'> & { readonly hidden?: readonly number[] } {
  if (arch === undefined) return { kind: model ?? 'dense', latent: latent ?? 2, ...(hidden && { hidden }) };
  const other = model !== undefined ? 'model' : hidden !== undefined ? 'hidden' : latent !== undefined ? 'latent' : linear ? 'linear' : null;
  if (other) throw usage(`--arch ${arch} decides the whole model: leave out --${other}, or --arch.`);
  return presets[arch];
}

function settingsOf(given: TrainValues): RunSettings {
  const { linear, objective, noise, likelihood, epochs, batch, warmup, cycles, clip, patience, augment } = given;
  const { kind, latent, hidden } = architectureOf(given);
  const freeBits = given['free-bits'];
  return {
    model: kind,
    ...(hidden && { hidden }),
    ...(linear && { activation: 'linear' }),
    latent,
    ...(objective && { objective }),
    ...(noise && { noise }),
    ...(likelihood && { likelihood }),
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batch }),
    beta: given.beta ?? 1,
    ...(warmup !== undefined && { warmup }),
    ...(cycles !== undefined && { cycles }),
    ...(freeBits !== undefined && { freeBits }),
    rate: given.rate ?? 0.001,
    ...(clip !== undefined && { clipNorm: clip }),
    ...(patience !== undefined && { patience }),
    ...(augment && { augment }),
    seed: given.seed ?? 0,
    executor: given.executor ?? 'auto',
  };
}

/**
 * Has the executors compared where that is open and not known yet. False when it was interrupted. What is wrong with the settings is left
 * to the start to say.
 */
async function chooseExecutor(shell: Shell, studio: StudioApi, project: string, settings: RunSettings): Promise<boolean> {
  const interrupted = new Promise<null>((resolve) => shell.interrupts.endWith(() => resolve(null)));
  const calibrated = await Promise.race([interrupted, shell.wait('Measuring which executor is the fastest', studio.calibrate(project, settings))]);
  if (calibrated === null) return false;
  const figures = calibrated.ok ? calibrated.value : [];
  if (figures.length > 0) shell.output.note(`Executors, fastest first: ${figures.map(figureInWords).join('; ')}.`);
  return true;
}

/** Without images there must be a project that has some. */
async function checkProject(studio: StudioApi, project: string): Promise<void> {
  const opened = await studio.openProject(project);
  if (opened.ok ? opened.value.dataset === null : opened.error.code === 'not-found') {
    throw usage(`There is no project with images in ${project}: name them with --images, or a collection with --sample.`);
  }
  valueOf(opened);
}

/** A resumed run keeps its settings: options that say the same may be repeated, others are refused. */
async function checkResume(studio: StudioApi, project: string, given: TrainValues): Promise<void> {
  const run = valueOf(await studio.openProject(project)).runs.at(-1);
  if (!run) throw new FailureError(failure('not-found', `The project ${project} has no run to resume.`));
  const { spec } = run.file;
  const kept: Partial<Record<keyof TrainValues, unknown>> = {
    model: spec.model.kind,
    hidden: spec.model.hidden,
    latent: spec.model.latent,
    batch: spec.batch,
    objective: spec.objective,
    noise: spec.noise,
    likelihood: spec.likelihood,
    beta: spec.beta,
    warmup: spec.schedule.kind === 'warm-up' ? spec.schedule.steps : null,
    // How many they were to be is not written down, only how long each is.
    cycles: null,
    'free-bits': spec.freeBits,
    rate: spec.rate,
    clip: spec.clipNorm,
    patience: spec.patience,
    augment: spec.augment,
    seed: spec.seed,
  };
  for (const [name, value] of Object.entries(kept)) {
    const asked = given[name as keyof TrainValues];
    if (asked === undefined || isDeepStrictEqual(asked, value)) continue;
    const own = typeof value === 'object' && !Array.isArray(value) ? `another --${name} or none` : `--${name} ${String(value)}`;
    throw usage(`The run has ${own}, and a resumed run keeps its settings; without --resume a new run begins.`);
  }
}

async function specOf(studio: StudioApi, project: string, dir: string): Promise<RunFile['spec']> {
  const run = valueOf(await studio.openProject(project)).runs.find((other) => other.dir === dir);
  if (!run) throw new FailureError(failure('bad-data', `The run ${dir} has lost its run.json.`));
  return run.file.spec;
}
