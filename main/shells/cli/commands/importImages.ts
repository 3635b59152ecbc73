import { command } from '../command.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { required, text, usage } from '../option.js';
import { importInto, importProgress, importRequest, sourceOptions } from './source.js';

export const importImages = command({
  name: 'import',
  summary: 'Make a project from images without training.',
  options: { ...sourceOptions, out: required(text('DIR'), 'folder of the project: new, empty, or one with the same images') },
  check: (options) => {
    if (!importRequest(options)) throw usage('Name the images with --images, or a collection with --sample.');
  },
  run: async (options, shell) => {
    const request = importRequest(options)!;
    const studio = await shell.studio(importProgress(shell.output));
    return (await importInto(shell, studio, options.out, request)) ? exitDone : exitInterrupted;
  },
});
