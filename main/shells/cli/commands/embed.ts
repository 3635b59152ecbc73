import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { count } from '../duration.js';
import { checkOutFile } from '../files.js';
import { required, text } from '../option.js';
import { valueOf } from '../Shell.js';
import { runOption } from './runOption.js';
import { replaceFile } from '../../../projects/atomicFile.js';
import { encodeNpy } from '../../../projects/exports/npy.js';

export const embed = command({
  name: 'embed',
  summary: 'Write the mean of every image of the dataset as a NumPy file.',
  details: 'The array is float32, images x latent dimensions, in the order of the dataset.',
  options: { ...runOption, out: required(text('FILE.npy'), 'the file to write') },
  check: ({ out }) => checkOutFile(out),
  run: async ({ run, out }, shell) => {
    const studio = await shell.studio();
    const { count: images, latent, means } = valueOf(await shell.wait('Encoding every image', studio.embed(run)));
    await replaceFile(out, encodeNpy(means, [images, latent]));
    shell.output.result({ kind: 'embedding', out, count: images, latent }, `${out}: ${count(images)} means of ${latent} dimensions`);
    return exitDone;
  },
});
