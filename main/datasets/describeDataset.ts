import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetSummary, ImportReport } from '../../shared/dataset.js';
import { say } from '../../shared/sentence.js';
import type { ItemsFile } from './datasetFiles.js';
import { datasetFiles } from './datasetFiles.js';
import { fewestForHeldOut } from './heldOut.js';
import type { Imported } from './imported.js';

/** Below this many training images a model learns some of them by heart. */
const fewForTraining = 500;

/** Counts, and says what a person should know of the numbers. */
export function summarise(imported: Imported): DatasetSummary {
  const count = imported.ids.length;
  const heldOut = imported.heldOut.reduce((sum, flag) => sum + flag, 0);
  const classCounts = imported.classes.map(() => 0);
  for (const label of imported.labels) if (label >= 0) classCounts[label]!++;
  const notices = [...imported.notices];
  if (heldOut === 0) {
    notices.push(say('datasets.noneHeldOut', fewestForHeldOut));
  }
  if (count - heldOut < fewForTraining) {
    notices.push(say('datasets.few', count - heldOut));
  }
  const report: ImportReport = { used: count, skipped: imported.skipped, leftOut: imported.leftOut, notices };
  return { format: imported.format, count, heldOut, classes: imported.classes, classCounts, report };
}

/** Writes the files beside images.u8, flushed to the disk. */
export function writeDescription(dir: string, summary: DatasetSummary, imported: Imported): void {
  const { format, report, ...rest } = summary;
  const items: ItemsFile = {
    format: 'morphoscope-items',
    version: 1,
    ids: imported.ids,
    labels: Array.from(imported.labels),
    heldOut: Array.from(imported.heldOut),
    factors: imported.factors,
  };
  writeJson(join(dir, datasetFiles.items), items);
  writeJson(join(dir, datasetFiles.report), report);
  writeJson(join(dir, datasetFiles.dataset), { format: 'morphoscope-dataset', version: 1, image: format, ...rest });
  syncFolder(dir);
}

function writeJson(path: string, value: object): void {
  const bytes = Buffer.from(JSON.stringify(value));
  const descriptor = openSync(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes new names in a folder survive a power cut. Windows cannot open folders, and needs no such call. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
