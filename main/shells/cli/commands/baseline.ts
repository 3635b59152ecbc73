import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Baseline } from '../../../../shared/measuring.js';
import { command } from '../command.js';
import { count } from '../duration.js';
import { exitDone, exitInterrupted } from '../exitStatus.js';
import { integer, required, usage } from '../option.js';
import { valueOf } from '../Shell.js';
import { measured, measuringProgress } from './measuring.js';
import { importProgress, importRequest, sourceOptions } from './source.js';

export const baseline = command({
  name: 'baseline',
  summary: 'Fit the principal components of the pixels, which a model has to beat.',
  details: 'It is the best that a linear autoencoder with so many latent dimensions can do. Fitted to all training images; nothing is kept.',
  options: { ...sourceOptions, components: required(integer(1, 65536), 'how many: as many as the latent dimensions of the model to compare with') },
  check: (options) => {
    if (!importRequest(options)) throw usage('Name the images with --images, or a collection with --sample.');
  },
  run: async (options, shell) => {
    const { output, interrupts } = shell;
    const onImport = importProgress(output);
    const onMeasuring = measuringProgress(output);
    const studio = await shell.studio((event) => {
      onImport(event);
      onMeasuring(event);
    });
    const project = mkdtempSync(join(tmpdir(), 'morphoscope-baseline-'));
    try {
      interrupts.endWith(() => void studio.cancelImport());
      output.beginProgress();
      const imported = await studio.importDataset(project, importRequest(options)!);
      if (interrupts.requested) return exitInterrupted;
      valueOf(imported);
      const found = await measured(shell, studio, () => studio.baseline(project, options.components));
      if (!found) return exitInterrupted;
      const { kind, components, images, heldOut, msePerPixel, heldOutMsePerPixel, explained } = found;
      output.result({ kind, components, images, heldOut, msePerPixel, heldOutMsePerPixel, explained }, inWords(found));
      return exitDone;
    } finally {
      await studio.discardProject(project);
      rmSync(project, { recursive: true, force: true });
    }
  },
});

function inWords({ components, msePerPixel, heldOutMsePerPixel, explained }: Baseline): string {
  const carried = Math.round(100 * explained.reduce((sum, part) => sum + part, 0));
  const heldOut = heldOutMsePerPixel === null ? '' : `, ${heldOutMsePerPixel.toFixed(6)} of those held out`;
  const errors = `squared error a pixel ${msePerPixel.toFixed(6)} of the training images${heldOut}`;
  return `${count(components)} principal ${components === 1 ? 'component carries' : 'components carry'} ${carried} % of the variance; ${errors}`;
}
