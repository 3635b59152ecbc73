import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { checkOutFile } from '../files.js';
import { decimal, list, required, text } from '../option.js';
import { valueOf } from '../Shell.js';
import { runOption } from './runOption.js';
import { replaceFile } from '../../../projects/atomicFile.js';
import { encodeStrip } from '../../../projects/exports/strip.js';

const latent = list(decimal('a number', () => true), 'X,X,...', 'numbers such as 0.5,-1.2');

export const decode = command({
  name: 'decode',
  summary: 'Write the image that a latent stands for.',
  options: {
    ...runOption,
    z: required(latent, 'the latent, one number a dimension'),
    out: required(text('FILE.png'), 'the file to write'),
  },
  check: ({ out }) => checkOutFile(out),
  run: async ({ run, z, out }, shell) => {
    const studio = await shell.studio();
    const { images, format } = valueOf(await shell.wait('Decoding', studio.decode(run, Float32Array.from(z))));
    await replaceFile(out, await encodeStrip(images, format));
    shell.output.result({ kind: 'decoded', out, z, ...format }, `${out}: ${format.width} x ${format.height}`);
    return exitDone;
  },
});
