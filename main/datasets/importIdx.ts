import { join } from 'node:path';
import type { ImageFormat, ImportRequest } from '../../shared/dataset.js';
import { bytesPerImage } from '../../shared/dataset.js';
import { failure, FailureError } from '../../shared/failure.js';
import type { DisposableStore } from '../../shared/lifecycle.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { datasetFiles } from './datasetFiles.js';
import type { ByteReader } from './byteReader.js';
import { fitPixels } from './decodeImage.js';
import { fewestForHeldOut } from './heldOut.js';
import type { IdxImages } from './sources/idx.js';
import { labelFileName, openIdx, readIdxImages, readIdxLabels } from './sources/idx.js';
import type { Imported, Workplace } from './imported.js';
import { limitNotice } from './imported.js';
import type { Pace } from './pace.js';
import { chooseSize, describeSize, withChannels } from './pictures/pixels.js';
import type { SourceFile } from './sources/sourceFile.js';
import { baseName } from './sources/sourceFile.js';
import { StoreWriter } from './StoreWriter.js';

/** An IDX source: image files, and how to find the label file beside each. */
export interface IdxSource {
  readonly training: SourceFile;
  /** Its images are all held out; null: the last tenth of `training` is. */
  readonly test: SourceFile | null;
  /** A file of this name beside `imageFile`. */
  beside(imageFile: SourceFile, name: string): SourceFile | null;
}

/** One opened pair of files. */
interface Part {
  readonly name: string;
  readonly reader: ByteReader;
  readonly images: IdxImages;
  readonly labels: Uint8Array | null;
  /** Images to keep: the first so many. */
  kept: number;
}

/** Pixels are copied in blocks of this size. */
const blockBytes = 4 * 2 ** 20;

/**
 * Imports an IDX pair, or a quartet with a test part. Images that have the size asked for already, as those of MNIST do, are
 * copied in large blocks without a look at any of them.
 * @throws FailureError `bad-data` where lengths, counts or shapes disagree
 */
export async function importIdx(
  source: IdxSource,
  request: ImportRequest,
  place: Workplace,
  owned: DisposableStore,
  pace: Pace,
): Promise<Imported> {
  const training = await openPart(source, source.training, join(place.scratch, 'training'), owned, pace);
  const test = source.test && (await openPart(source, source.test, join(place.scratch, 'test'), owned, pace));
  if (test && !sameShape(training.images, test.images)) {
    throw unusable(test.name, say('datasets.idxOtherShape', training.name));
  }
  if (test?.images.count === 0) throw unusable(test.name, say('datasets.idxNoImages'));
  limitParts(training, test, request.limit);
  const format = chooseFormat(training.images, request);
  const parts = test ? [training, test] : [training];
  const total = parts.reduce((sum, part) => sum + part.kept, 0);

  const writer = owned.add(new StoreWriter(join(place.dataset, datasetFiles.images)));
  let done = 0;
  for (const part of parts) {
    const write = sameSize(part.images, format) && part.images.channels === format.channels ? copyImages : convertImages;
    await write(part, format, writer, (count) => pace.step('writing', done + count, total));
    done += part.kept;
  }
  writer.finish();
  pace.finish('writing', total);

  const { classes, labels } = readClasses(parts);
  const available = parts.reduce((sum, part) => sum + part.images.count, 0);
  const notices = parts.filter((part) => part.labels === null).map((part) => say('datasets.noLabels', part.name));
  if (!sameSize(training.images, format)) {
    notices.push(say('datasets.scaled', describeSize(training.images), describeSize(format)));
  }
  if (available > total) notices.push(limitNotice(total, available - total));
  return {
    format,
    ids: parts.flatMap((part, index) => idsOf(index === 0 ? 'train' : 'test', part.kept, part.images.count)),
    labels,
    heldOut: heldOutFlags(training.kept, test?.kept ?? null),
    factors: {},
    classes,
    skipped: [],
    leftOut: available - total,
    notices,
  };
}

async function openPart(source: IdxSource, file: SourceFile, scratch: string, owned: DisposableStore, pace: Pace): Promise<Part> {
  const opened = await openIdx(file, `${scratch}-images`, owned, pace);
  if (!opened.ok) throw unusable(file.name, opened.error);
  const images = readIdxImages(opened.value);
  if (!images.ok) throw unusable(file.name, images.error);
  const part = { name: file.name, reader: opened.value, images: images.value, kept: images.value.count };

  const labelFile = findLabels(source, file);
  if (!labelFile) return { ...part, labels: null };
  const openedLabels = await openIdx(labelFile, `${scratch}-labels`, owned, pace);
  if (!openedLabels.ok) throw unusable(labelFile.name, openedLabels.error);
  const labels = readIdxLabels(openedLabels.value);
  if (!labels.ok) throw unusable(labelFile.name, labels.error);
  if (labels.value.length !== images.value.count) {
    throw unusable(labelFile.name, say('datasets.idxLabelCount', labels.value.length, images.value.count, file.name));
  }
  return { ...part, labels: labels.value };
}

function unusable(name: string, reason: Sentence): FailureError {
  return new FailureError(failure('bad-data', say('datasets.unusable', name, reason)));
}

/** Either file of a pair may be compressed without the other. */
function findLabels(source: IdxSource, file: SourceFile): SourceFile | null {
  const name = labelFileName(baseName(file.name));
  if (name === null) return null;
  const plain = name.replace(/\.gz$/i, '');
  return source.beside(file, plain) ?? source.beside(file, `${plain}.gz`);
}

function sameShape(a: IdxImages, b: IdxImages): boolean {
  return a.width === b.width && a.height === b.height && a.channels === b.channels;
}

/** A limit counts training images where there is a test part, which shrinks in proportion; otherwise all images. */
function limitParts(training: Part, test: Part | null, limit = Infinity): void {
  const share = Math.min(1, limit / training.images.count);
  training.kept = Math.min(training.images.count, limit);
  if (test && share < 1) test.kept = Math.max(1, Math.round(test.images.count * share));
}

function chooseFormat(images: IdxImages, request: ImportRequest): ImageFormat {
  const side = request.size === 'auto' ? chooseSize([Math.min(images.width, images.height)]) : request.size;
  return { width: side, height: side, channels: request.channels === 'auto' ? images.channels : request.channels };
}

function sameSize(images: IdxImages, format: ImageFormat): boolean {
  return images.width === format.width && images.height === format.height;
}

type Progress = (count: number) => Promise<void>;

async function copyImages(part: Part, format: ImageFormat, writer: StoreWriter, progress: Progress): Promise<void> {
  const imageBytes = bytesPerImage(format);
  const total = part.kept * imageBytes;
  const block = new Uint8Array(Math.min(blockBytes, total));
  for (let position = 0; position < total; ) {
    const wanted = Math.min(block.length, total - position);
    readExactly(part, block.subarray(0, wanted), position);
    writer.append(block.subarray(0, wanted));
    position += wanted;
    await progress(Math.floor(position / imageBytes));
  }
}

/** Scaling runs on the thread pool, so that several images are on their way at a time. */
const convertedAtOnce = 64;

async function convertImages(part: Part, format: ImageFormat, writer: StoreWriter, progress: Progress): Promise<void> {
  const { width, height, channels } = part.images;
  const imageBytes = width * height * channels;
  for (let first = 0; first < part.kept; first += convertedAtOnce) {
    const count = Math.min(convertedAtOnce, part.kept - first);
    const block = new Uint8Array(count * imageBytes);
    readExactly(part, block, first * imageBytes);
    const fitted = Array.from({ length: count }, (_, i) => {
      const values = block.subarray(i * imageBytes, (i + 1) * imageBytes);
      return fitPixels({ width, height, channels, values }, format.width, format.height);
    });
    for (const pixels of await Promise.all(fitted)) {
      if (!pixels.ok) throw new FailureError(failure('bad-data', say('datasets.unusable', part.name, say('datasets.notScaled'))));
      writer.append(withChannels(pixels.value.values, pixels.value.channels, format.channels));
    }
    await progress(first + count);
  }
}

function readExactly(part: Part, target: Uint8Array, position: number): void {
  if (part.reader.readInto(target, part.images.dataAt + position) === target.length) return;
  throw new FailureError(failure('bad-data', say('datasets.unusable', part.name, say('datasets.becameShorter'))));
}

/** Classes are the distinct labels of all files, in full, so that a limit does not renumber them. */
function readClasses(parts: readonly Part[]): { classes: string[]; labels: Int32Array } {
  const present = new Set<number>();
  for (const part of parts) part.labels?.forEach((label) => present.add(label));
  const values = [...present].sort((a, b) => a - b);
  const indexOf = new Int32Array(256).fill(-1);
  values.forEach((value, index) => (indexOf[value] = index));
  const labels: number[] = [];
  for (const part of parts) for (let i = 0; i < part.kept; i++) labels.push(part.labels ? indexOf[part.labels[i]!]! : -1);
  return { classes: values.map(String), labels: Int32Array.from(labels) };
}

function heldOutFlags(training: number, test: number | null): Uint8Array {
  const heldOut = new Uint8Array(training + (test ?? 0));
  if (test !== null) heldOut.fill(1, training);
  else if (training >= fewestForHeldOut) heldOut.fill(1, training - Math.round(training / 10));
  return heldOut;
}

/** "train/00042": the position in the file, with as many digits as the last one needs. */
function idsOf(part: 'train' | 'test', kept: number, count: number): string[] {
  const digits = Math.max(5, String(count - 1).length);
  return Array.from({ length: kept }, (_, i) => `${part}/${String(i).padStart(digits, '0')}`);
}
