import { resolve } from 'node:path';
import { sampleNames, type DatasetSource, type DatasetSummary, type ImportRequest } from '../../../../shared/dataset.js';
import type { StudioApi, StudioEvent } from '../../../../shared/contract/studio.js';
import { count, timeLeft } from '../duration.js';
import { existingPaths } from '../files.js';
import { autoOr, choice, integer, optional, text, usage, words, type Kind, type Values } from '../option.js';
import type { Output } from '../Output.js';
import { valueOf, type Shell } from '../Shell.js';

const channels: Kind<1 | 3> = {
  placeholder: '1|3',
  expected: '1 or 3',
  parse: (word) => (word === '1' ? 1 : word === '3' ? 3 : undefined),
};

/** Options that say what to import. */
export const sourceOptions = {
  images: words('DIR|FILE...', 'images to import: folders (subfolders become classes), image files, zips, or an IDX image file'),
  sample: optional(choice(sampleNames), 'a collection that comes with the program instead of your own images'),
  'test-images': optional(text('FILE'), 'an IDX image file whose images are held out; only with an IDX source'),
  limit: optional(integer(2, Infinity), 'keep only the first N training images'),
  size: optional(autoOr(integer(1, 256)), 'side of the images in pixels; auto (the default) chooses 28, 32 or 64 from the data'),
  channels: optional(autoOr(channels), 'grey or colour; auto (the default) is colour when any image has some'),
};
type SourceValues = Values<typeof sourceOptions>;

/** The import that was asked for; null when no source was named. Throws a `FailureError` on what does not go together. */
export function importRequest(options: SourceValues): ImportRequest | null {
  const source = sourceOf(options);
  const { limit, size, channels: asked } = options;
  if (!source) {
    const stray = (['test-images', 'limit', 'size', 'channels'] as const).find((name) => options[name] !== undefined);
    if (stray) throw usage(`--${stray} goes with --images or --sample.`);
    return null;
  }
  // One seed for all: runs of different seeds are compared on the same held-out images.
  return { source, size: size ?? 'auto', channels: asked ?? 'auto', ...(limit === undefined ? {} : { limit }), seed: 0 };
}

function sourceOf({ images, sample, 'test-images': testImages }: SourceValues): DatasetSource | null {
  if (sample !== undefined && images.length > 0) throw usage('Either --images or --sample, not both.');
  if (testImages !== undefined && images.length === 0) throw usage('--test-images goes with --images.');
  if (sample !== undefined) return { kind: 'sample', sample };
  if (images.length === 0) return null;
  const paths = existingPaths(images);
  return testImages === undefined ? { kind: 'paths', paths } : { kind: 'paths', paths, testImages: existingPaths([testImages])[0]! };
}

/** Shows the progress of imports. */
export function importProgress(output: Output): (event: StudioEvent) => void {
  let phase = '';
  let began = 0;
  const doing = { listing: 'Looking at files', decoding: 'Reading images', writing: 'Writing images' };
  return (event) => {
    if (event.kind !== 'importing') return;
    const { progress } = event;
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = Date.now();
    }
    const of = progress.total > 0 ? ` of ${count(progress.total)}` : '';
    output.progress(`${doing[progress.phase]}: ${count(progress.done)}${of}${timeLeft(progress.done, progress.total, Date.now() - began)}`);
  };
}

/** Says what was imported, with every file that could not be used up to a handful. */
function tellDataset(output: Output, project: string, summary: DatasetSummary): void {
  const { format, heldOut, classes, report } = summary;
  const kind = `${format.width} x ${format.height} ${format.channels === 1 ? 'grey' : 'RGB'}`;
  const named = classes.length > 0 ? `, ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}` : '';
  const words = `${count(summary.count - heldOut)} images of ${kind} to train on, ${count(heldOut)} held out${named}`;
  const { notices, skipped } = report;
  output.result({ kind: 'dataset', project: resolve(project), ...summary }, words);
  for (const { message } of notices) output.note(message);
  const shown = skipped.slice(0, 5);
  for (const { name, reason } of shown) output.note(`Skipped ${name}: ${reason.message}`);
  const more = skipped.length - shown.length;
  if (more > 0) output.note(`Skipped ${count(more)} more: dataset/report.json in the project lists them all.`);
}

/** Imports into the project; null when somebody interrupted it. */
export async function importInto(shell: Shell, studio: StudioApi, project: string, request: ImportRequest): Promise<DatasetSummary | null> {
  shell.output.beginProgress();
  shell.interrupts.endWith(() => void studio.cancelImport());
  const imported = await studio.importDataset(resolve(project), request);
  if (shell.interrupts.requested) {
    shell.output.note(imported.ok ? 'Interrupted after the import, which is kept.' : 'Interrupted: nothing was kept.');
    return null;
  }
  const summary = valueOf(imported);
  tellDataset(shell.output, project, summary);
  return summary;
}
