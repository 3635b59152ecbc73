import { join } from 'node:path';
import type { ImageFormat, ImportRequest, SkippedFile } from '../../shared/dataset.js';
import type { DisposableStore } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import { err } from '../../shared/result.js';
import type { Sentence } from '../../shared/sentence.js';
import { readClassFolders } from './sources/classFolders.js';
import { datasetFiles } from './datasetFiles.js';
import { decodeImage } from './decodeImage.js';
import { chooseHeldOut } from './heldOut.js';
import type { ImageHeader } from './pictures/imageHeader.js';
import type { Imported, Workplace } from './imported.js';
import { naturalOrder } from './sources/naturalOrder.js';
import type { Pace } from './pace.js';
import type { Pixels } from './pictures/pixels.js';
import { pictureNotices } from './pictures/pictureNotices.js';
import { chooseSize, hasColour, withChannels } from './pictures/pixels.js';
import type { SourceFile } from './sources/sourceFile.js';
import { readFailureReason } from './sources/sourceFile.js';
import { StoreWriter } from './StoreWriter.js';

/** A file whose header says that it is a picture. */
export interface Picture {
  readonly file: SourceFile;
  readonly header: ImageHeader;
}

/** What is known about a decoder that crashed an earlier process; see `ImportHooks`. */
export interface DecodeOptions {
  readonly onDecoding: ((name: string) => void) | undefined;
  readonly refused: ReadonlyMap<string, Sentence> | undefined;
  readonly oneAtATime: boolean;
}

/** Pictures on their way at a time, and how many pixels they may have together (0.2 to 0.6 GB decoded, at worst). */
const mostInFlight = 16;
const mostPixelsInFlight = 64e6;

/**
 * Decodes pictures into images.u8, in order and several at a time. The first pixel of colour decides between one channel and
 * three: until then everything is kept as RGB, and turned to grey in the end where there was none.
 */
export async function importPictures(
  pictures: readonly Picture[],
  request: ImportRequest,
  place: Workplace,
  options: DecodeOptions,
  owned: DisposableStore,
  pace: Pace,
): Promise<Imported> {
  const meaning = readClassFolders(pictures.map((picture) => picture.file.name));
  const order = orderForLimit(pictures, meaning.classes, request.limit);
  const side = request.size === 'auto' ? chooseSize(pictures.map(({ header }) => Math.min(header.width, header.height))) : request.size;
  const allGrey = pictures.every(({ header }) => header.grey);
  const channels = request.channels === 'auto' ? (allGrey ? 1 : 3) : request.channels;

  const writer = owned.add(new StoreWriter(join(place.dataset, datasetFiles.images)));
  const used: number[] = [];
  const skipped: SkippedFile[] = [];
  let settled = request.channels !== 'auto' || channels === 1;
  const queue = new DecodeQueue(pictures, side, options);
  const limit = request.limit ?? Infinity;
  for (const position of order) {
    while (queue.isFull(position)) take(await queue.next());
    if (used.length >= limit) break;
    queue.add(position);
    await pace.step('decoding', used.length + skipped.length, Math.min(limit, order.length));
  }
  while (!queue.isEmpty && used.length < limit) take(await queue.next());
  pace.finish('decoding', used.length + skipped.length);

  function take({ position, pixels }: Decoded): void {
    if (used.length >= limit) return;
    if (!pixels.ok) {
      skipped.push({ name: pictures[position]!.file.name, reason: pixels.error });
      return;
    }
    const values = withChannels(pixels.value.values, pixels.value.channels, channels);
    settled ||= pixels.value.channels === 3 && hasColour(values);
    writer.append(values);
    used.push(position);
  }

  if (!settled) writer.reduceToGrey();
  writer.finish();
  const format: ImageFormat = { width: side, height: side, channels: settled ? channels : 1 };
  const leftOut = pictures.length - used.length - skipped.length;
  const { labels, classes } = numberClasses(used.map((position) => meaning.classes[position]!));
  const ownTestPart = meaning.heldOut && Uint8Array.from(used, (position) => (meaning.heldOut![position] ? 1 : 0));
  return {
    format,
    ids: uniqueIds(used.map((position) => pictures[position]!.file.name)),
    labels,
    heldOut: ownTestPart ?? chooseHeldOut(labels, request.seed),
    factors: {},
    classes,
    skipped,
    leftOut,
    notices: pictureNotices(used.map((position) => pictures[position]!.header), format, leftOut),
  };
}

interface Decoded {
  readonly position: number;
  readonly pixels: Result<Pixels, Sentence>;
}

/** Pictures being decoded, handed out in the order in which they were put in. */
class DecodeQueue {
  readonly #waiting: { readonly position: number; readonly pixels: Promise<Result<Pixels, Sentence>> }[] = [];
  #pixelsInFlight = 0;

  constructor(
    private readonly pictures: readonly Picture[],
    private readonly side: number,
    private readonly options: DecodeOptions,
  ) {}

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether `position` has to wait; a picture of any size gets in when nothing else is on its way. */
  isFull(position: number): boolean {
    if (this.isEmpty) return false;
    const most = this.options.oneAtATime ? 1 : mostInFlight;
    return this.#waiting.length >= most || this.#pixelsInFlight + this.#pixelsOf(position) > mostPixelsInFlight;
  }

  add(position: number): void {
    this.#pixelsInFlight += this.#pixelsOf(position);
    this.#waiting.push({ position, pixels: this.#decode(this.pictures[position]!.file) });
  }

  async next(): Promise<Decoded> {
    const first = this.#waiting.shift();
    if (!first) throw new Error('Nothing is being decoded.');
    const pixels = await first.pixels;
    this.#pixelsInFlight -= this.#pixelsOf(first.position);
    return { position: first.position, pixels };
  }

  #pixelsOf(position: number): number {
    const { width, height } = this.pictures[position]!.header;
    return width * height;
  }

  async #decode(file: SourceFile): Promise<Result<Pixels, Sentence>> {
    const refused = this.options.refused?.get(file.name);
    if (refused !== undefined) return err(refused);
    try {
      const bytes = file.load();
      const loaded = bytes instanceof Promise ? await bytes : bytes;
      if (!loaded.ok) return loaded;
      return await decodeImage(loaded.value, this.side, this.side, { onNative: () => this.options.onDecoding?.(file.name) });
    } catch (error) {
      return err(readFailureReason(error));
    }
  }
}

/** Under a limit, classes take turns, so that the first classes do not fill it alone. */
function orderForLimit(pictures: readonly Picture[], classes: readonly (string | null)[], limit: number | undefined): number[] {
  const order = pictures.map((_, position) => position);
  if (limit === undefined || limit >= pictures.length) return order;
  const turnOf = new Map<string | null, number>();
  const turns = classes.map((name) => {
    const turn = turnOf.get(name) ?? 0;
    turnOf.set(name, turn + 1);
    return turn;
  });
  return order.sort((a, b) => turns[a]! - turns[b]! || a - b);
}

/** Numbers the classes that have images in natural order. */
function numberClasses(names: readonly (string | null)[]): { labels: Int32Array; classes: string[] } {
  const classes = [...new Set(names)].filter((name) => name !== null).sort(naturalOrder);
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return { classes, labels: Int32Array.from(names, (name) => (name === null ? -1 : indexOf.get(name)!)) };
}

/** Names as ids; a name that was given already gets " (2)" and so on. */
function uniqueIds(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let id = name;
    for (let copy = 2; taken.has(id); copy++) id = `${name} (${copy})`;
    taken.add(id);
    return id;
  });
}
