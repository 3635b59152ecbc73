import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { imageRef } from '../files.js';
import { required, text } from '../option.js';
import { valueOf } from '../Shell.js';
import { runOption } from './runOption.js';

export const encode = command({
  name: 'encode',
  summary: 'Say what the encoder makes of one image: its mean and log-variance.',
  options: { ...runOption, image: required(text('FILE|ITEM'), 'an image file, the position of an item in the dataset (from 0), or its id') },
  run: async ({ run, image }, shell) => {
    const studio = await shell.studio();
    const { mean, logVariance } = valueOf(await shell.wait('Encoding', studio.encode(run, imageRef(image))));
    const rows = Array.from(mean, (value, i) => `${String(i).padStart(2)}  ${signed(value)}  ${i < logVariance.length ? signed(logVariance[i]!) : ''}`.trimEnd());
    shell.output.result({ kind: 'encoding', mean, logVariance }, [' #      mean   log-var', ...rows].join('\n'));
    return exitDone;
  },
});

function signed(value: number): string {
  return value.toFixed(4).padStart(8);
}
