import { command } from '../command.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { checkOutFile } from '../files.js';
import { decimal, integer, optional, required, text, usage, words } from '../option.js';
import { measured, measuringProgress } from './measuring.js';
import { runOption } from './runOption.js';
import { replaceFile } from '../../../projects/atomicFile.js';
import { encodeGrid } from '../../../projects/exports/grid.js';
import { typicalityWord } from '../../../../shared/latent/typicality.js';

export const sample = command({
  name: 'sample',
  summary: 'Draw latents from the prior, or between two classes, and write their images as a grid.',
  details: 'The numbers told with it say how usual each latent is among those of the training images, from 0 (outside of them) to 1 (in their midst).',
  options: {
    ...runOption,
    count: optional(integer(1, 1000), 'images in the grid; 16 is the default'),
    between: words('CLASS CLASS', 'from the centroid of one class to that of another, in equal steps, instead of the prior'),
    spread: optional(decimal('a number of at least 0', (value) => value >= 0), 'how far from that line, in standard deviations of the classes; 0.5 is the default'),
    seed: optional(integer(0, 0xffffffff), 'decides what is drawn; 0 is the default'),
    out: required(text('FILE.png'), 'the file to write'),
  },
  check: ({ between, spread, out }) => {
    if (between.length !== 0 && between.length !== 2) throw usage(`--between takes two classes, not ${between.length}.`);
    if (spread !== undefined && between.length === 0) throw usage('--spread goes with --between.');
    checkOutFile(out);
  },
  run: async ({ run, count = 16, between, spread, seed = 0, out }, shell) => {
    const studio = await shell.studio(measuringProgress(shell.output));
    const [first, second] = between;
    const request = {
      count,
      seed,
      ...(first !== undefined && second !== undefined && { between: [first, second] as const }),
      ...(spread !== undefined && { spread }),
    };
    const drawn = await measured(shell, studio, () => studio.sample(run, request));
    if (!drawn) return exitInterrupted;
    const { images, format, latent, latents, typicality, step } = drawn;
    const columns = Math.ceil(Math.sqrt(count));
    await replaceFile(out, await encodeGrid(images, format, columns));
    const rows = Array.from({ length: count }, (_, row) => Array.from(latents.subarray(row * latent, (row + 1) * latent)));
    const usual = typicality && `; ${tally(typicality)}`;
    shell.output.result(
      { kind: 'sample', out, count, columns, latents: rows, typicality, places: typicality && Array.from(typicality, typicalityWord), step },
      `${out}: ${count} images of ${format.width} x ${format.height}${usual ?? ''}`,
    );
    return exitDone;
  },
});

/** How many of the latents lie where: "12 amid the training images, 3 at their edge, 1 outside". */
function tally(typicality: Float32Array): string {
  const names = { amid: 'amid the training images', edge: 'at their edge', outside: 'outside of them' } as const;
  const places = Array.from(typicality, typicalityWord);
  return (['amid', 'edge', 'outside'] as const).map((place) => `${places.filter((other) => other === place).length} ${names[place]}`).join(', ');
}
