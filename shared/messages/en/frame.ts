import type { Format } from '../format.js';

/** The window around the regions: title bar, status bar, palette, lists of keys. */
export const frame = {
  /** The kind of failure in front of the studio's own sentence. */
  failure: (kind: string, sentence: string) => `${kind}: ${sentence}`,
  dismiss: 'Dismiss',
  close: 'Close',
  reaching: 'The studio does not answer. It is being reached again; a run goes on without the window.',
  menus: 'Menus',
  newProject: 'New project',
  run: 'Run',
  runNumber: (f: Format, n: number) => `Run ${f.whole(n)}`,
  saved: 'Saved',
  savedEpoch: (f: Format, epoch: number) => `Saved at epoch ${f.whole(epoch)}`,
  toLight: 'Light theme',
  toDark: 'Dark theme',
  imageOrCommand: 'Image or command',
  commands: 'Commands',
  images: 'Images',
  nothingFound: 'Nothing of that name.',
  keysOff: 'Single keys are switched off: View, Single-key shortcuts.',
  hints: 'Keys',
  private: 'Nothing leaves this machine',
  executor: (f: Format, name: string, threads: number) => `${name} on CPU, ${f.whole(threads)} ${f.plural(threads, { one: 'thread', other: 'threads' })}`,
  regions: { left: 'Data and training', cloud: 'Cloud', right: 'Inspector', bench: 'Morph bench' },
  resize: { left: 'Width of data and training', right: 'Width of the inspector', bench: 'Height of the morph bench' },
  fold: (region: string) => `Hide ${region.toLowerCase()}`,
  aboutText: 'A variational autoencoder learns your images on this machine; its latent space is yours to look at.',
  machine: (f: Format, platform: string, cores: number, memory: number) => `${platform}, ${f.whole(cores)} ${f.plural(cores, { one: 'core', other: 'cores' })}, ${f.bytes(memory)} of memory`,
};
