import { resolve } from 'node:path';
import type { RunSettings, StudioApi } from '../../../../shared/contract/studio.js';
import { failure, FailureError } from '../../../../shared/failure.js';
import type { RunFile } from '../../../../shared/project.js';
import { checkModelSpec } from '../../../models/modelSpec.js';
import { command } from '../command.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { program } from '../help.js';
import { autoOr, choice, decimal, flag, integer, list, optional, required, text, usage, type Values } from '../option.js';
import { valueOf } from '../Shell.js';
import { TrainingReport } from '../TrainingReport.js';
import { importInto, importProgress, importRequest, sourceOptions } from './source.js';

const options = {
  ...sourceOptions,
  model: optional(choice(['dense', 'conv']), 'fully connected (the default, any size) or convolutional (28, 32 or 64 pixels)'),
  hidden: optional(list(integer(1, 65536), 'N,N', 'widths such as 400 or 512,256'), 'widths of the hidden layers; the default follows from the data'),
  latent: optional(integer(2, 64), 'dimensions of the latent space, 2 to 64; 2 is the default'),
  epochs: optional(integer(1, 100_000), 'passes over the training images; the default follows from their number'),
  batch: optional(integer(1, 4096), 'images a step; the default follows from their number'),
  beta: optional(decimal('a number of at least 0', (value) => value >= 0), 'weight of the KL term; 1 is the default'),
  rate: optional(decimal('a number above 0', (value) => value > 0), 'learning rate of Adam; 0.001 is the default'),
  seed: optional(integer(0, 0xffffffff), 'decides the initial weights, the order of the images and the noise; 0 is the default'),
  executor: optional(autoOr(choice(['onnx'])), 'what runs the compiled steps; auto is the default'),
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

    let stop = (): void => undefined;
    shell.interrupts.endWith(() => stop());
    const starting = given.resume ? studio.resumeRun(project, given.epochs ?? null) : studio.startRun(project, settingsOf(given));
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
function checkPossible({ size = 'auto', channels = 'auto', model = 'dense', latent = 2, hidden = [1] }: TrainValues): void {
  const sides = size === 'auto' ? [28, 32, 64] : [size];
  const depths = channels === 'auto' ? ([1, 3] as const) : [channels];
  const formats = sides.flatMap((side) => depths.map((depth) => ({ width: side, height: side, channels: depth })));
  const checks = formats.map((format) => checkModelSpec({ kind: model, format, latent, hidden }));
  if (checks.every(({ ok }) => !ok)) valueOf(checks[0]!);
}

function settingsOf({ model = 'dense', hidden, latent = 2, epochs, batch, beta = 1, rate = 0.001, seed = 0, executor = 'auto' }: TrainValues): RunSettings {
  return {
    model,
    ...(hidden === undefined ? {} : { hidden }),
    latent,
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batch }),
    beta,
    rate,
    seed,
    executor,
  };
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
    beta: spec.beta,
    rate: spec.rate,
    seed: spec.seed,
    executor: run.file.executor,
  };
  for (const [name, value] of Object.entries(kept)) {
    const asked = given[name as keyof TrainValues];
    if (asked === undefined || (name === 'executor' && asked === 'auto') || String(asked) === String(value)) continue;
    throw usage(`The run has --${name} ${String(value)}, and a resumed run keeps its settings; without --resume a new run begins.`);
  }
}

async function specOf(studio: StudioApi, project: string, dir: string): Promise<RunFile['spec']> {
  const run = valueOf(await studio.openProject(project)).runs.find((other) => other.dir === dir);
  if (!run) throw new FailureError(failure('bad-data', `The run ${dir} has lost its run.json.`));
  return run.file.spec;
}

function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

