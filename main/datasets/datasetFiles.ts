import * as v from 'valibot';
import { writtenSentence } from '../../shared/sentenceSchema.js';

/** Names of the files of a dataset folder. */
export const datasetFiles = { images: 'images.u8', items: 'items.json', report: 'report.json', dataset: 'dataset.json' } as const;

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256));

/** dataset.json: what the other files hold. `version` is of the whole folder's format. */
export const datasetSchema = v.object({
  format: v.literal('morphoscope-dataset'),
  version: v.literal(1),
  image: v.object({ width: side, height: side, channels: v.picklist([1, 3]) }),
  count: natural,
  heldOut: natural,
  classes: v.array(v.string()),
  classCounts: v.array(natural),
});

/** report.json: the `ImportReport`. */
export const reportSchema = v.object({
  used: natural,
  skipped: v.array(v.object({ name: v.string(), reason: writtenSentence })),
  leftOut: natural,
  notices: v.array(writtenSentence),
});

/** items.json, by column: position i of each array describes image i of images.u8. Checked column by column by hand for speed. */
export interface ItemsFile {
  readonly format: 'morphoscope-items';
  readonly version: 1;
  readonly ids: readonly string[];
  /** Index into `classes` of dataset.json, -1 for none. */
  readonly labels: readonly number[];
  /** 1 for held out, else 0. */
  readonly heldOut: readonly number[];
  /** Known factors of generated images, by name. */
  readonly factors: Readonly<Record<string, readonly number[]>>;
}

export const itemsSchema = v.object({
  format: v.literal('morphoscope-items'),
  version: v.literal(1),
  ids: v.custom<readonly string[]>((column) => isColumn(column, (value) => typeof value === 'string')),
  labels: v.custom<readonly number[]>((column) => isColumn(column, (value) => Number.isInteger(value))),
  heldOut: v.custom<readonly number[]>((column) => isColumn(column, (value) => value === 0 || value === 1)),
  factors: v.record(v.string(), v.custom<readonly number[]>((column) => isColumn(column, Number.isFinite))),
});

function isColumn(column: unknown, test: (value: unknown) => boolean): boolean {
  return Array.isArray(column) && column.every(test);
}
