import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { checkOutFile, imageRef } from '../files.js';
import { choice, integer, optional, required, text } from '../option.js';
import { valueOf } from '../Shell.js';
import { runOption } from './runOption.js';
import { replaceFile } from '../../../projects/atomicFile.js';
import { encodeStrip } from '../../../projects/exports/strip.js';

const image = text('ITEM|FILE');

export const morph = command({
  name: 'morph',
  summary: 'Write the morph between two images as a strip of pictures.',
  details: 'The strip is STEPS images wide. The numbers told with it are how many training images lie near each step: about ten is usual, none means that the model has hardly been there.',
  options: {
    ...runOption,
    from: required(image, 'an image file, the position of an item in the dataset (from 0), or its id'),
    to: required(image, 'the same for the other end'),
    steps: optional(integer(2, 1000), 'images in the strip, both ends included; 9 is the default'),
    path: optional(choice(['lerp', 'slerp']), 'a straight line (the default), or the arc that keeps the distance from the origin, better above 3 dimensions'),
    out: required(text('FILE.png'), 'the file to write'),
  },
  check: ({ out }) => checkOutFile(out),
  run: async ({ run, from, to, steps = 9, path = 'lerp', out }, shell) => {
    const studio = await shell.studio();
    const morphing = studio.morph(run, imageRef(from), imageRef(to), steps, path);
    const { images, format, latents, latent, support } = valueOf(await shell.wait('Encoding every image', morphing));
    await replaceFile(out, await encodeStrip(images, format));
    const rows = Array.from({ length: steps }, (_, step) => Array.from(latents.subarray(step * latent, (step + 1) * latent)));
    shell.output.result(
      { kind: 'morph', out, steps, path, latents: rows, support },
      `${out}: ${steps} images of ${format.width} x ${format.height}; training images near each: ${support.join(' ')}`,
    );
    return exitDone;
  },
});
