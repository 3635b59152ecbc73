import type { Format } from '../format.js';
import type { ExecutorName } from '../../model.js';
import type { NativeInstallation, NativePhase } from '../../native.js';

/** The native backend, and what runs a model on this machine. */
export const native = {
  title: 'Native backend',
  lead: 'TensorFlow runs a whole training step in one native call. Without it the embedded ONNX Runtime trains: nothing else changes, and runs can go from one to the other.',
  looking: 'Looking at what this machine has.',

  /** Names of executors. */
  executors: { onnx: 'ONNX Runtime', webgpu: 'WebGPU', tensorflow: 'TensorFlow', eager: 'Plain JavaScript' } satisfies Record<ExecutorName, string>,
  figure: (f: Format, name: string, stepMs: number) => `${name}, ${f.fixed(stepMs, 1)} ms a step`,
  /** Executors with their milliseconds a step, fastest first. */
  figures: (f: Format, figures: readonly (readonly [name: string, stepMs: number])[]) =>
    figures.map(([name, stepMs], i) => `${name} ${f.fixed(stepMs, 1)}${i === 0 ? ' ms a step' : ''}`).join(' \u00b7 '),

  version: 'Version',
  from: 'From',
  fetch: 'To fetch',
  disk: 'On the disk',
  devices: 'Devices',
  folder: 'Folder',
  versions: {
    cpu: (version: string) => `${version}, for the processor`,
    cuda: (version: string) => `${version}, with CUDA for NVIDIA GPUs`,
  } satisfies Record<NativeInstallation['flavour'], (version: string) => string>,
  sources: {
    folder: 'the folder named by MORPHOSCOPE_TENSORFLOW',
    python: 'the Python on this machine',
    wheel: 'the Python package index, by pip',
  } satisfies Record<NativeInstallation['source'], string>,
  nothingToFetch: 'nothing: it is here already',

  install: 'Install',
  lookAgain: 'Look again',
  cancel: 'Cancel',
  cancelling: 'The installation is ending.',
  phases: {
    looking: 'Looking for TensorFlow',
    downloading: 'Fetching TensorFlow',
    unpacking: 'Unpacking its libraries',
    compiling: 'Compiling the binding',
    proving: 'Proving it by a matrix product',
  } satisfies Record<NativePhase, string>,
  starting: 'Starting',
  progress: 'Progress of this part',
  doneOf: (f: Format, done: number, total: number) => `${f.bytes(done)} of ${f.bytes(total)}`,
  left: (duration: string) => `${duration} left`,
  goesOn: 'This window can be closed: the installation goes on.',
  spokenPhase: (phase: string) => `${phase}.`,
  spokenPart: (f: Format, phase: string, part: number) => `${phase}, ${f.percent(part)}.`,
  spokenInstalled: 'The native backend is installed.',

  brokeOff: 'The installation ended before it was complete. What was fetched is kept for the next try.',
  remove: 'Remove',
  keep: 'Keep',
  reallyRemove: (f: Format, bytes: number) => `Remove it? ${f.bytes(bytes)} of the disk become free. Runs go on with ONNX Runtime, and it can be installed again at any time.`,
  inUse: 'The run that goes on uses it: stop the run first.',
  removing: 'It is being removed.',

  measured: 'Measured on this machine',
  model: 'Model',
  measuredOn: 'On',
  fastest: 'Milliseconds a step, fastest first',
  named: (f: Format, name: string, stepMs: number) => `${name} ${f.fixed(stepMs, 1)}`,
  notRun: (name: string) => `${name} does not run it`,

  executor: 'Executor',
  notInstalled: 'It is not installed: Run, Native backend.',
  auto: 'Automatic',
  autoAs: (name: string) => `Automatic: ${name}`,
  offer: (f: Format, downloadBytes: number, diskBytes: number) =>
    downloadBytes > 0
      ? `TensorFlow can train natively here: ${f.bytes(downloadBytes)} to fetch, ${f.bytes(diskBytes)} on the disk.`
      : `The TensorFlow on this machine can train natively here: nothing to fetch, ${f.bytes(diskBytes)} on the disk.`,
  show: 'Show',
  notNow: 'Not now',
  installing: 'Installing TensorFlow',
  installingAt: (f: Format, phase: string, part: number) => `${phase}, ${f.percent(part)}`,

  fellBack: (reason: string, name: string) => `${reason} ${name} goes on from the same state.`,
  useBatch: (f: Format, batch: number) => `Use a batch of ${f.whole(batch)}`,
  trainAgain: (f: Format, batch: number) => `Train again with a batch of ${f.whole(batch)}`,
};
