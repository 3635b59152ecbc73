import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { DatasetSummary, ImageFormat } from '../../shared/dataset.js';
import { bytesPerImage } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import { err, ok } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { datasetFiles, datasetSchema, itemsSchema, reportSchema } from './datasetFiles.js';

/** What is known of each image; position i is image i. */
export interface ItemIndex {
  readonly ids: readonly string[];
  /** Index into the classes of the summary, -1 for none. */
  readonly labels: Int32Array;
  /** 1 for held out, else 0. */
  readonly heldOut: Uint8Array;
  /** Known factors of generated images by name (one number an image); empty for all others. */
  readonly factors: Readonly<Record<string, Float32Array>>;
  /** Position of the item with this id. */
  find(id: string): number | undefined;
}

/** A dataset on disk, open for reading by position. Its images are never in memory as a whole. */
export interface PackedDataset extends Disposable {
  readonly dir: string;
  readonly summary: DatasetSummary;
  readonly format: ImageFormat;
  readonly count: number;
  readonly items: ItemIndex;
  /** Positions of the items to train on and of those held out, ascending. */
  readonly training: Uint32Array;
  readonly heldOut: Uint32Array;
  /**
   * Reads one image (height x width x channels bytes), or `count` consecutive ones, into `target` from `offset` on: synchronous,
   * by position, without allocating. Throws a `RangeError` for an item that does not exist or a target without room.
   */
  read(item: number, target: Uint8Array, offset: number, count?: number): void;
}

/**
 * Opens a dataset folder after checking its files against each other.
 * @returns `not-found` where there is no dataset, `bad-data` where its files are damaged or disagree.
 */
export function openDataset(dir: string): Result<PackedDataset, Failure> {
  const dataset = readJson(dir, datasetFiles.dataset, datasetSchema);
  if (!dataset.ok) return dataset;
  const report = readJson(dir, datasetFiles.report, reportSchema);
  if (!report.ok) return report;
  const items = readJson(dir, datasetFiles.items, itemsSchema);
  if (!items.ok) return items;

  const { image: format, count, heldOut, classes, classCounts } = dataset.value;
  const columns = items.value;
  const disagreement =
    [columns.ids, columns.labels, columns.heldOut, ...Object.values(columns.factors)].some((column) => column.length !== count) ||
    columns.labels.some((label) => label < -1 || label >= classes.length) ||
    classCounts.length !== classes.length ||
    columns.heldOut.reduce((sum, flag) => sum + flag, 0) !== heldOut;
  if (disagreement) return err(failure('bad-data', say('datasets.filesDisagree', dir)));

  let descriptor: number;
  try {
    descriptor = openSync(join(dir, datasetFiles.images), 'r');
  } catch {
    return err(failure('bad-data', say('datasets.fileUnreadable', dir, datasetFiles.images)));
  }
  const opened = new OpenDataset(dir, { format, count, heldOut, classes, classCounts, report: report.value }, columns, descriptor);
  if (fstatSync(descriptor).size !== count * bytesPerImage(format)) {
    opened.dispose();
    return err(failure('bad-data', say('datasets.fileLength', dir, datasetFiles.images)));
  }
  return ok(opened);
}

class OpenDataset implements PackedDataset {
  readonly format: ImageFormat;
  readonly count: number;
  readonly items: ItemIndex;
  readonly training: Uint32Array;
  readonly heldOut: Uint32Array;
  readonly #imageBytes: number;
  #descriptor: number | null;

  constructor(
    readonly dir: string,
    readonly summary: DatasetSummary,
    columns: v.InferOutput<typeof itemsSchema>,
    descriptor: number,
  ) {
    this.#descriptor = descriptor;
    this.format = summary.format;
    this.count = summary.count;
    this.#imageBytes = bytesPerImage(summary.format);
    this.items = new Items(columns);
    const positions = Uint32Array.from({ length: this.count }, (_, item) => item);
    this.training = positions.filter((item) => this.items.heldOut[item] === 0);
    this.heldOut = positions.filter((item) => this.items.heldOut[item] === 1);
  }

  read(item: number, target: Uint8Array, offset: number, count = 1): void {
    if (this.#descriptor === null) throw new Error('The dataset was closed.');
    if (!Number.isInteger(item) || item < 0 || item + count > this.count) throw new RangeError(`There is no item ${item}.`);
    const bytes = count * this.#imageBytes;
    if (offset + bytes > target.length) throw new RangeError('The target has no room for an image.');
    const read = readSync(this.#descriptor, target, offset, bytes, item * this.#imageBytes);
    if (read !== bytes) throw new Error(`${this.dir} became shorter while it was open.`);
  }

  dispose(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

class Items implements ItemIndex {
  readonly ids: readonly string[];
  readonly labels: Int32Array;
  readonly heldOut: Uint8Array;
  readonly factors: Readonly<Record<string, Float32Array>>;
  /** Made on first use: most readers never look an id up. */
  #positions: Map<string, number> | null = null;

  constructor(columns: v.InferOutput<typeof itemsSchema>) {
    this.ids = columns.ids;
    this.labels = Int32Array.from(columns.labels);
    this.heldOut = Uint8Array.from(columns.heldOut);
    this.factors = Object.fromEntries(Object.entries(columns.factors).map(([name, values]) => [name, Float32Array.from(values)]));
  }

  find(id: string): number | undefined {
    this.#positions ??= new Map(this.ids.map((name, item) => [name, item]));
    return this.#positions.get(id);
  }
}

function readJson<Schema extends v.GenericSchema>(dir: string, name: string, schema: Schema): Result<v.InferOutput<Schema>, Failure> {
  let text: string;
  try {
    text = readFileSync(join(dir, name), 'utf8');
  } catch {
    return err(failure('not-found', say('datasets.none', dir, name)));
  }
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    if (parsed.success) return ok(parsed.output);
  } catch {
    // Not JSON: the same sentence.
  }
  return err(failure('bad-data', say('datasets.fileWrong', dir, name)));
}
