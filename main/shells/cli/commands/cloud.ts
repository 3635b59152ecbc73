import { basename } from 'node:path';
import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { count } from '../duration.js';
import { checkOutFile } from '../files.js';
import { required, text } from '../option.js';
import { valueOf } from '../Shell.js';
import { runOption } from './runOption.js';
import { fitProjection, project, type Projection } from '../../../latent/projection.js';
import { sketched, sketchOf } from '../../../latent/sketch.js';
import { replaceFile } from '../../../projects/atomicFile.js';
import { drawCloud } from '../../../projects/exports/cloudPicture.js';
import { findRun, projectOfRun } from '../../../projects/projectFolder.js';

export const cloud = command({
  name: 'cloud',
  summary: 'Draw the latent space: every image a point, coloured by class.',
  options: { ...runOption, out: required(text('FILE.png'), 'the file to write') },
  check: ({ out }) => checkOutFile(out),
  run: async ({ run, out }, shell) => {
    const studio = await shell.studio();
    const dir = projectOfRun(valueOf(await findRun(run)));
    const { dataset } = valueOf(await studio.openProject(dir));
    const embedding = valueOf(await shell.wait('Encoding every image', studio.embed(run)));
    const sketch = sketchOf(embedding.latent);
    const means = sketched(sketch, embedding.means);
    const projection = fitProjection(means, sketch.kept);
    const { png, drawn } = await drawCloud({
      frame: project(projection, means),
      dimensions: embedding.latent === 2 ? 2 : 3,
      labels: embedding.labels,
      classes: dataset?.classes ?? [],
      title: basename(dir, '.morphoscope'),
      caption: captionOf(projection, embedding.latent),
    });
    await replaceFile(out, png);
    shell.output.result(
      { kind: 'cloud', out, drawn, count: embedding.count, projection: projection.kind, explained: projection.explained },
      `${out}: ${count(drawn)} of ${count(embedding.count)} images drawn`,
    );
    return exitDone;
  },
});

function captionOf({ kind, latent: kept, explained }: Projection, latent: number): string {
  if (kind === 'raw') return `${latent === 2 ? 'Both' : 'All three'} latent dimensions, as they are`;
  const of = kept < latent ? `a random projection of ${latent} latent dimensions to ${kept}` : `${latent} latent dimensions`;
  return `PCA of ${of}: 3 axes hold ${Math.round(100 * explained.reduce((sum, part) => sum + part))} % of the variance`;
}
