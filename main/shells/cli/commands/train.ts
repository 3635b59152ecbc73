import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RunSettings, StudioApi } from '../../../../shared/contract/studio.js';
import type { ImageFormat } from '../../../../shared/dataset.js';
import { failure, FailureError } from '../../../../shared/failure.js';
import type { RunFile } from '../../../../shared/project.js';
import { command } from '../command.js';
import { quoted } from '../commandLine.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { figureInWords } from '../figureInWords.js';
import { program } from '../help.js';
import { usage } from '../option.js';
import { valueOf, type Shell } from '../Shell.js';
import { TrainingReport } from '../TrainingReport.js';
import { importInto, importProgress, importRequest } from './source.js';
import { canonicalOf, checkPossible, settingsOf, trainOptions, type TrainValues } from './trainSettings.js';

export const train = command({
  name: 'train',
  summary: 'Train a variational autoencoder on images.',
  details: 'Ctrl-C ends the run with a checkpoint; --resume goes on exactly there.',
  options: trainOptions,
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

    const format = await formatOf(studio, project);
    const settings = settingsOf(given, format);
    tellCanonical(shell, given, format);
    if (!given.resume && !(await chooseExecutor(shell, studio, project, settings))) return exitInterrupted;
    let stop = (): void => undefined;
    shell.interrupts.endWith(() => stop());
    const { epochs = null, executor = 'auto' } = given;
    const starting = given.resume ? studio.resumeRun(project, epochs, executor === 'auto' ? null : executor) : studio.startRun(project, settings);
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
    capacity: spec.schedule.kind === 'capacity' ? { nats: spec.schedule.nats, steps: spec.schedule.steps } : null,
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

async function formatOf(studio: StudioApi, project: string): Promise<ImageFormat> {
  const { dataset } = valueOf(await studio.openProject(project));
  if (!dataset) throw new FailureError(failure('not-found', `The project ${project} has no images.`));
  return dataset.format;
}

/** Says what a weight beside means comes to beside sums, which is what the run writes down. */
function tellCanonical(shell: Shell, given: TrainValues, format: ImageFormat): void {
  const canonical = canonicalOf(given, format);
  if (!canonical) return;
  const { beta, likelihood } = canonical;
  const named = likelihood.kind === 'gaussian' ? `gaussian:${likelihood.sigma.toFixed(4)}` : likelihood.kind;
  shell.output.note(`Beside sums over pixels and latents this weight is --beta ${beta.toPrecision(4)} with --likelihood ${named}; the run is written down so.`);
}

async function specOf(studio: StudioApi, project: string, dir: string): Promise<RunFile['spec']> {
  const run = valueOf(await studio.openProject(project)).runs.find((other) => other.dir === dir);
  if (!run) throw new FailureError(failure('bad-data', `The run ${dir} has lost its run.json.`));
  return run.file.spec;
}
