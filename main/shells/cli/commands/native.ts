import type { StudioEvent } from '../../../../shared/contract/studio.js';
import type { NativePhase, NativeProgress, NativeStatus } from '../../../../shared/native.js';
import { command, group } from '../command.js';
import { duration } from '../duration.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import type { Output } from '../Output.js';
import { valueOf } from '../Shell.js';

const install = command({
  name: 'native install',
  summary: 'Get TensorFlow for the native backend and compile the binding to it.',
  details: 'A folder named by MORPHOSCOPE_TENSORFLOW is used first, then the TensorFlow of python3, then pip fetches one.',
  options: {},
  run: async (_, shell) => {
    const { output, interrupts } = shell;
    const studio = await shell.studio((event) => tellProgress(output, event));
    interrupts.endWith(() => void studio.cancelNativeInstall());
    const { installed, offer } = await studio.nativeStatus();
    if (!installed && offer) output.note(`Getting TensorFlow: ${offerInWords(offer)}. Ctrl-C cancels; what was fetched stays for the next try.`);
    if (interrupts.requested) return exitInterrupted;
    output.beginProgress();
    const outcome = await studio.installNative();
    if (!outcome.ok && outcome.error.code === 'cancelled') {
      output.note(outcome.error.message);
      return exitInterrupted;
    }
    tell(output, valueOf(outcome));
    return exitDone;
  },
});

const status = command({
  name: 'native status',
  summary: 'Say what there is of the native backend, and what installing it would take.',
  options: {},
  run: async (_, shell) => {
    const studio = await shell.studio();
    tell(shell.output, await shell.wait('Looking for TensorFlow', studio.nativeStatus()));
    return exitDone;
  },
});

const remove = command({
  name: 'native remove',
  summary: 'Delete what installing the native backend has put on the disk.',
  options: {},
  run: async (_, shell) => {
    const studio = await shell.studio();
    tell(shell.output, valueOf(await shell.wait('Removing the native backend', studio.removeNative())));
    return exitDone;
  },
});

export const native = group({
  name: 'native',
  summary: 'Install, show or remove the native backend: TensorFlow.',
  members: { install, status, remove },
});

function tell(output: Output, status: NativeStatus): void {
  const { installed, offer, problem } = status;
  const lines = [];
  if (installed) {
    const { version, flavour, source, dir, bytes, devices } = installed;
    lines.push(`TensorFlow ${version} (${flavour}, ${sources[source]}) in ${dir}`, `Devices: ${devices.join(', ')}. Room that removing gives back: ${size(bytes)}`);
  } else {
    lines.push('The native backend is not installed.');
  }
  if (offer) lines.push(`It can be installed: ${offerInWords(offer)}.`);
  if (problem !== null) lines.push(problem.message);
  output.result({ kind: 'native', ...status }, lines.join('\n'));
}

const sources = { folder: 'from the folder that was named', python: 'of this Python', wheel: 'fetched by pip' } as const;

function offerInWords({ version, flavour, source, downloadBytes, diskBytes }: NonNullable<NativeStatus['offer']>): string {
  const libraries = flavour === 'cuda' ? ' with the libraries for NVIDIA GPUs' : '';
  return `TensorFlow ${version}${libraries}, ${sources[source]}; ${size(downloadBytes)} to fetch, ${size(diskBytes)} of room needed`;
}

const doing: Readonly<Record<NativePhase, string>> = {
  looking: 'Looking for TensorFlow',
  downloading: 'Fetching TensorFlow',
  unpacking: 'Unpacking',
  compiling: 'Compiling the binding',
  proving: 'Proving it by a matrix product',
};

function tellProgress(output: Output, event: StudioEvent): void {
  if (event.kind === 'native' && event.progress) output.progress(inWords(event.progress));
}

function inWords({ phase, done, total, secondsLeft }: NativeProgress): string {
  const measured = done === null || total === null ? '' : `, ${size(done)} of ${size(total)}`;
  return `${doing[phase]}${measured}${secondsLeft === null ? '' : `, ${duration(secondsLeft * 1000)} left`}`;
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
