import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { DatasetSource, DatasetSummary, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import { failure, type Failure } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import type { ImportHooks } from './importDataset.js';
import { importDataset } from './importDataset.js';
import { openDataset } from './packedDataset.js';
import { colourPng, encodeIdx, encodePng, encodeZip, greyPng, pattern } from './testing/encode.js';
import { tempFolders, writeTree } from './testing/tempFolder.js';
import { removeUnfinishedImport } from './unfinishedImport.js';

const tempFolder = tempFolders();

interface Outcome {
  readonly target: string;
  readonly summary: DatasetSummary;
  readonly ids: readonly string[];
  readonly labels: readonly number[];
  readonly heldOut: readonly number[];
  readonly images: Buffer;
}

async function attempt(source: DatasetSource, options: Partial<ImportRequest> = {}, hooks: ImportHooks = {}): Promise<{ target: string; result: DatasetSummary | Failure }> {
  const parent = tempFolder();
  const target = join(parent, 'dataset');
  const imported = await importDataset({ source, size: 'auto', channels: 'auto', seed: 0, ...options }, target, hooks);
  expect(readdirSync(parent)).toEqual(imported.ok ? ['dataset'] : []);
  return { target, result: imported.ok ? imported.value : imported.error };
}

/** Imports what must succeed, and reads it back. */
async function importAll(source: DatasetSource, options: Partial<ImportRequest> = {}, hooks: ImportHooks = {}): Promise<Outcome> {
  const { target, result } = await attempt(source, options, hooks);
  if ('message' in result) throw new Error(result.message);
  const opened = openDataset(target);
  if (!opened.ok) throw new Error(opened.error.message);
  expect(opened.value.summary).toEqual(result);
  const { ids, labels, heldOut } = opened.value.items;
  opened.value.dispose();
  expect(readdirSync(target).sort()).toEqual(['dataset.json', 'images.u8', 'items.json', 'report.json']);
  return { target, summary: result, ids, labels: [...labels], heldOut: [...heldOut], images: readFileSync(join(target, 'images.u8')) };
}

async function failureOf(source: DatasetSource, options: Partial<ImportRequest> = {}): Promise<Failure> {
  const { result } = await attempt(source, options);
  if (!('message' in result)) throw new Error('The import succeeded.');
  return result;
}

/** Why each file was skipped, by name. */
function reasonsOf({ report }: DatasetSummary): Record<string, string> {
  return Object.fromEntries(report.skipped.map(({ name, reason }) => [name, reason.message]));
}

function noticesOf({ report }: DatasetSummary): readonly string[] {
  return report.notices.map(({ message }) => message);
}

const paths = (...list: string[]): DatasetSource => ({ kind: 'paths', paths: list });

/** `count` pictures of 8 x 8 in each of the folders. */
function classTree(folders: readonly string[], count: number, picture = greyPng): Record<string, Buffer> {
  return Object.fromEntries(folders.flatMap((folder, f) => Array.from({ length: count }, (_, i) => [`${folder}/${i + 1}.png`, picture(f * 1000 + i)])));
}

function folderWith(files: Readonly<Record<string, Uint8Array | string>>): string {
  const dir = tempFolder();
  writeTree(dir, files);
  return dir;
}

test('a folder, a zip of it and its bytes give the same dataset', async () => {
  const tree = { ...classTree(['dogs', 'cats'], 12), 'notes.txt': Buffer.from('read me'), '.hidden.png': greyPng(1), '__MACOSX/x.png': greyPng(2) };
  const folder = await importAll(paths(folderWith(tree)), { size: 8 });
  const zip = encodeZip(Object.entries(tree).map(([name, content]) => ({ name, content })));
  const bytes = Object.entries(tree).map(([name, content]) => ({ name, bytes: content }));
  const others = [
    await importAll(paths(join(folderWith({ 'pets.zip': zip }), 'pets.zip')), { size: 8 }),
    await importAll({ kind: 'bytes', files: [{ name: 'pets.zip', bytes: zip }] }, { size: 8 }),
    await importAll({ kind: 'bytes', files: bytes.toReversed() }, { size: 8 }),
  ];
  for (const other of others) expect({ ...other, target: '' }).toEqual({ ...folder, target: '' });
  expect(folder.summary).toMatchObject({ count: 24, heldOut: 2, classes: ['cats', 'dogs'], classCounts: [12, 12], format: { width: 8, height: 8, channels: 1 } });
  expect(folder.ids.slice(0, 3)).toEqual(['cats/1.png', 'cats/2.png', 'cats/3.png']);
  expect(folder.ids[11]).toBe('cats/12.png');
  expect(folder.images.subarray(0, 64)).toEqual(Buffer.from(pattern(1000, 64)));
  expect(folder.summary.report.skipped).toMatchObject([{ name: 'notes.txt', reason: { message: expect.stringContaining('not an image') } }]);
});

test('every file that cannot be used is listed with its reason, and costs nothing but itself', async () => {
  const png = colourPng(1, 200);
  const { summary, ids } = await importAll(
    paths(
      folderWith({
        'a.png': greyPng(1),
        'b.png': greyPng(2),
        'empty.png': '',
        'text.png': 'this is a diary',
        'cut.png': png.subarray(0, 2000),
        'archive.zip': encodeZip([]),
        'movie.mp4': Buffer.from('\0\0\0\x18ftypmp42', 'latin1'),
        'huge.png': Buffer.concat([png.subarray(0, 16), Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]), png.subarray(24)]),
      }),
    ),
  );
  expect(ids).toEqual(['a.png', 'b.png']);
  expect(reasonsOf(summary)).toEqual({
    'empty.png': 'the file is empty',
    'text.png': 'it is named like an image, but its content is something else',
    'cut.png': 'it is damaged or cut off',
    'archive.zip': expect.stringContaining('not an image'),
    'movie.mp4': expect.stringContaining('not an image'),
    'huge.png': 'it says that it has 30000 x 30000 pixels, more than 200 million',
  });
});

test.runIf(process.platform !== 'win32')('links are followed, loops end, and pipes are never opened', async () => {
  const dir = folderWith({ 'a/1.png': greyPng(1), 'a/2.png': greyPng(2), 'b/3.png': greyPng(3) });
  symlinkSync(dir, join(dir, 'b', 'loop'));
  symlinkSync(join(dir, 'a', '1.png'), join(dir, 'b', 'link.png'));
  symlinkSync(join(dir, 'nowhere'), join(dir, 'dangling.png'));
  execFileSync('mkfifo', [join(dir, 'a', 'pipe.png')]);
  const { ids, summary } = await importAll(paths(dir));
  expect(ids).toEqual(['a/1.png', 'a/2.png', 'b/3.png', 'b/link.png']);
  expect(reasonsOf(summary)).toEqual({ 'a/pipe.png': 'it is neither a file nor a folder', 'dangling.png': 'it is not there' });
  expect(await failureOf(paths(join(dir, 'a', 'pipe.png')))).toMatchObject({ message: expect.stringContaining('neither a file nor a folder') });
});

test('folders that were dropped together are classes, and equal names are told apart', async () => {
  const dir = folderWith({ 'x/cats/1.png': greyPng(1), 'x/dogs/1.png': greyPng(2), 'y/cats/1.png': greyPng(3), 'z.png': greyPng(4) });
  const { ids, summary } = await importAll(paths(join(dir, 'x/cats'), join(dir, 'x/dogs'), join(dir, 'y/cats'), join(dir, 'z.png')));
  expect(ids).toEqual(['cats/1.png', 'cats/1.png (2)', 'dogs/1.png', 'z.png']);
  expect(summary.classCounts).toEqual([2, 1]);
});

test('a split into train and test folders is taken as it is', async () => {
  const { summary, ids, heldOut } = await importAll(paths(folderWith(classTree(['train/cats', 'train/dogs', 'test/cats'], 4))));
  expect(summary).toMatchObject({ count: 12, heldOut: 4, classes: ['cats', 'dogs'], classCounts: [8, 4] });
  expect(ids.filter((_, i) => heldOut[i] === 1).every((id) => id.startsWith('test/'))).toBe(true);
});

test('auto keeps grey as one channel however it was stored, and colour as three', async () => {
  const greyAsRgb = (seed: number): Buffer => {
    const rows = Uint8Array.from({ length: 192 }, (_, i) => pattern(seed, 64)[Math.floor(i / 3)]!);
    return encodePng({ width: 8, height: 8, colourType: 2, rows });
  };
  const grey = await importAll(paths(folderWith(classTree(['.'], 300, greyPng))), { size: 8 });
  const stored = await importAll(paths(folderWith(classTree(['.'], 300, greyAsRgb))), { size: 8 });
  expect(stored.summary.format.channels).toBe(1);
  expect(stored.images).toEqual(grey.images);
  const mixed = await importAll(paths(folderWith({ ...classTree(['.'], 5), 'z.png': colourPng(9) })), { size: 8 });
  expect(mixed.summary.format.channels).toBe(3);
  expect(mixed.images.subarray(5 * 192)).toEqual(Buffer.from(pattern(9, 192)));
  expect((await importAll(paths(folderWith(classTree(['.'], 3, greyPng))), { channels: 3, size: 8 })).images.length).toBe(3 * 192);
});

test('grey stored as colour is rewritten right across the blocks of the store', async () => {
  const rows = (seed: number): Uint8Array => {
    const grey = pattern(seed, 4096);
    return Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!);
  };
  const files = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`${i}.png`, encodePng({ width: 64, height: 64, colourType: 2, rows: rows(i) })]));
  const { images, summary } = await importAll(paths(folderWith(files)));
  expect(summary.format).toEqual({ width: 64, height: 64, channels: 1 });
  expect(images).toEqual(Buffer.concat(Array.from({ length: 120 }, (_, i) => pattern(i, 4096))));
});

test('pictures of many sizes, kinds and shapes come out at one size, and the report says so', async () => {
  const wide = sharp(pattern(1, 120 * 90 * 3), { raw: { width: 120, height: 90, channels: 3 } });
  const { summary, images } = await importAll(
    paths(folderWith({ 'a.jpg': await wide.clone().jpeg().toBuffer(), 'b.webp': await wide.clone().webp().toBuffer(), 'c.png': colourPng(2, 300), 'd.gif': await wide.clone().gif().toBuffer(), 'e.png': colourPng(3, 50) })),
  );
  expect(summary.format).toEqual({ width: 64, height: 64, channels: 3 });
  expect(images.length).toBe(5 * 64 * 64 * 3);
  expect(noticesOf(summary)).toEqual([
    'Images of 3 sizes were fitted to 64 x 64.',
    '3 images that are not square lost the edges beyond the centre square.',
    '1 image smaller than 64 x 64 was enlarged.',
    'Fewer than 20 images: none is held out, and overfitting cannot be measured.',
    'With 5 training images the model will learn some of them by heart: expect overfitting.',
  ]);
});

test('a limit keeps the first images, classes in turn, and says what it left out', async () => {
  const tree = folderWith({ ...classTree(['a', 'b', 'c'], 30), 'a/00.png': 'broken' });
  const { ids, summary, labels } = await importAll(paths(tree), { limit: 40, size: 8 });
  expect(summary).toMatchObject({ count: 40, heldOut: 4, classCounts: [14, 13, 13], report: { used: 40, leftOut: 50 } });
  expect(ids.slice(0, 4)).toEqual(['a/1.png', 'b/1.png', 'c/1.png', 'a/2.png']);
  expect(labels.slice(0, 4)).toEqual([0, 1, 2, 0]);
  expect(noticesOf(summary)).toContain('40 images of 90 were kept because a limit was set.');
  expect(summary.report.skipped.map((file) => file.name)).toEqual(['a/00.png']);
  const all = await importAll(paths(tree), { limit: 90, size: 8 });
  expect(all.summary.report.leftOut).toBe(0);
});

test('a picture that turns out to be broken under a limit makes room for the next', async () => {
  const png = colourPng(1, 200);
  const { ids, summary } = await importAll(paths(folderWith({ ...classTree(['.'], 30), '3.png': png.subarray(0, 5000) })), { limit: 10, size: 8 });
  expect(ids).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => `${i}.png`));
  expect(summary.report).toMatchObject({ used: 10, leftOut: 19, skipped: [{ name: '3.png', reason: { message: 'it is damaged or cut off' } }] });
});

test('the same folder and seed hold out the same images; another seed others', async () => {
  const dir = folderWith(classTree(['a', 'b'], 40));
  const [first, again, other] = [await importAll(paths(dir)), await importAll(paths(dir)), await importAll(paths(dir), { seed: 1 })];
  expect(again.heldOut).toEqual(first.heldOut);
  expect(other.heldOut).not.toEqual(first.heldOut);
});

test('files named as those that crashed an importer are never decoded, and the rest can be decoded alone', async () => {
  const large = (seed: number): Buffer => colourPng(seed, 150);
  const dir = folderWith({ 'a.png': large(1), 'bad.png': large(2), 'c.png': large(3), 'small.png': greyPng(1) });
  const announced: string[] = [];
  let turnsBetween = 0;
  const onDecoding = (name: string): void => {
    if (announced.length === 0) setImmediate(() => turnsBetween++);
    else expect(turnsBetween).toBe(1);
    announced.push(name);
  };
  const { ids, summary } = await importAll(paths(dir), {}, { refused: new Map([['bad.png', say('datasets.crashedDecoder')]]), oneAtATime: true, onDecoding });
  expect(announced).toEqual(['a.png', 'c.png']);
  expect(ids).toEqual(['a.png', 'c.png', 'small.png']);
  expect(summary.report.skipped).toEqual([{ name: 'bad.png', reason: say('datasets.crashedDecoder') }]);
});

const idx = (count: number, side = 8): Buffer => encodeIdx([count, side, side], pattern(count, count * side * side));
const idxLabels = (count: number): Buffer => encodeIdx([count], Uint8Array.from({ length: count }, (_, i) => [3, 5, 7][i % 3]!));

test('an IDX pair holds out its last tenth; classes are its labels', async () => {
  const dir = folderWith({ 'train-images-idx3-ubyte': idx(50), 'train-labels-idx1-ubyte': idxLabels(50) });
  const { summary, ids, heldOut, images, labels } = await importAll(paths(join(dir, 'train-images-idx3-ubyte')), { size: 8 });
  expect(summary).toMatchObject({ count: 50, heldOut: 5, classes: ['3', '5', '7'], format: { width: 8, height: 8, channels: 1 } });
  expect(images).toEqual(Buffer.from(pattern(50, 3200)));
  expect(ids[42]).toBe('train/00042');
  expect(heldOut.indexOf(1)).toBe(45);
  expect(labels.slice(0, 4)).toEqual([0, 1, 2, 0]);
});

test('test images that are named, or come in a quartet, are what is held out', async () => {
  const quartet = { 'train-images-idx3-ubyte': idx(40), 'train-labels-idx1-ubyte': idxLabels(40), 't10k-images-idx3-ubyte': idx(8), 't10k-labels-idx1-ubyte': idxLabels(8) };
  const dir = folderWith(quartet);
  const whole = await importAll(paths(dir), { size: 8 });
  expect(whole.summary).toMatchObject({ count: 48, heldOut: 8 });
  expect(whole.ids[40]).toBe('test/00000');
  expect(whole.images.subarray(40 * 64)).toEqual(Buffer.from(pattern(8, 512)));
  const named = await importAll({ kind: 'paths', paths: [join(dir, 'train-images-idx3-ubyte')], testImages: join(dir, 't10k-images-idx3-ubyte') }, { size: 8 });
  const packed = await importAll(paths(folderWith(Object.fromEntries(Object.entries(quartet).map(([name, content]) => [`raw/${name}.gz`, gzipSync(content)])))), { size: 8 });
  const dotted = await importAll({ kind: 'bytes', files: Object.entries(quartet).map(([name, bytes]) => ({ name: name.replace('-idx', '.idx'), bytes })) }, { size: 8 });
  const zipped = await importAll({ kind: 'bytes', files: [{ name: 'mnist.zip', bytes: encodeZip(Object.entries(quartet).map(([name, content]) => ({ name, content }))) }] }, { size: 8 });
  for (const other of [named, packed, dotted, zipped]) expect({ ...other, target: '' }).toEqual({ ...whole, target: '' });
  const limited = await importAll(paths(dir), { size: 8, limit: 10 });
  expect(limited.summary).toMatchObject({ count: 12, heldOut: 2, report: { leftOut: 36, notices: expect.arrayContaining([say('datasets.limited', 12, 48)]) } });
});

test('IDX images are brought to another size and number of channels', async () => {
  const grey = folderWith({ 'a-images-idx3-ubyte': encodeIdx([30, 16, 12], new Uint8Array(30 * 192).fill(77)) });
  const scaled = await importAll(paths(grey), { size: 32, channels: 3 });
  expect(scaled.images).toEqual(Buffer.alloc(30 * 32 * 32 * 3, 77));
  expect(noticesOf(scaled.summary)).toContain('All images were scaled from 12 x 16 to 32 x 32.');
  expect(noticesOf(scaled.summary)[0]).toContain('no label file');
  const rgb = await importAll(paths(folderWith({ 'a-images-idx4-ubyte': encodeIdx([3, 8, 8, 3], pattern(1, 576)) })), { size: 8 });
  expect(rgb.summary.format.channels).toBe(3);
  expect(rgb.images).toEqual(Buffer.from(pattern(1, 576)));
});

test('an IDX file at odds with itself or its labels is refused with a sentence', async () => {
  const refused = async (files: Record<string, Uint8Array>): Promise<string> => {
    const { code, message } = await failureOf(paths(join(folderWith(files), 'x-images-idx3-ubyte')));
    expect(code).toBe('bad-data');
    return message;
  };
  expect(await refused({ 'x-images-idx3-ubyte': idx(20).subarray(0, 900) })).toBe('x-images-idx3-ubyte cannot be used: its header promises 20 images of 8 x 8, 1280 bytes, but 884 follow it.');
  expect(await refused({ 'x-images-idx3-ubyte': idx(20), 'x-labels-idx1-ubyte': idxLabels(19) })).toContain('19 labels for the 20 images');
  expect(await refused({ 'x-images-idx3-ubyte': idx(20), 'x-labels-idx1-ubyte': Buffer.from('nonsense') })).toContain('magic number');
  expect(await refused({ 'x-images-idx3-ubyte': Buffer.from('not an IDX file at all, just text') })).toContain('named like an IDX file');
  expect(await refused({ 'x-images-idx3-ubyte': encodeIdx([0, 8, 8], new Uint8Array()) })).toContain('no usable image');
  expect(await refused({ 'x-images-idx3-ubyte': idx(1) })).toContain('at least two');
  const pair = folderWith({ 'train-images-idx3-ubyte': idx(20), 't10k-images-idx3-ubyte': encodeIdx([0, 8, 8], new Uint8Array()) });
  expect((await failureOf(paths(pair))).message).toContain('holds no images');
  const shapes = folderWith({ 'train-images-idx3-ubyte': idx(20), 't10k-images-idx3-ubyte': idx(20, 9) });
  expect((await failureOf(paths(shapes))).message).toContain('another shape');
});

test('an impossible request is a usage failure', async () => {
  const dir = folderWith(classTree(['.'], 3));
  const cases: Partial<ImportRequest>[] = [{ size: 0 }, { size: 257 }, { size: 27.5 }, { limit: 1 }, { limit: 2.5 }, { seed: -1 }];
  for (const options of cases) expect((await failureOf(paths(dir), options)).code).toBe('usage');
  expect((await failureOf(paths())).code).toBe('usage');
  expect((await failureOf({ kind: 'paths', paths: [dir], testImages: join(dir, '1.png') })).code).toBe('usage');
  const several = folderWith({ 'a-images-idx3-ubyte': idx(20), 'b-images-idx3-ubyte': idx(20) });
  expect(await failureOf(paths(several))).toMatchObject({ code: 'usage', message: expect.stringContaining('a-images-idx3-ubyte, b-images-idx3-ubyte') });
});

test('bad input is one sentence, and leaves nothing behind', async () => {
  expect(await failureOf(paths(join(tempFolder(), 'none')))).toMatchObject({ code: 'not-found', message: expect.stringMatching(/none cannot be used: it is not there\.$/) });
  expect(await failureOf(paths(tempFolder()))).toEqual(failure('bad-data', say('datasets.noImage')));
  expect(await failureOf(paths(folderWith({ 'a.png': greyPng(1) })))).toMatchObject({ message: 'There is only one image to train on, and a latent space needs at least two.' });
  expect(await failureOf(paths(folderWith({ 'a.png': 'text' })))).toMatchObject({ message: 'There is no usable image to train on (a.png: it is named like an image, but its content is something else).' });
  expect(await failureOf(paths(folderWith({ 'a.png': '', 'b.png': '' })))).toMatchObject({ message: 'There is no usable image to train on (2 files were skipped; a.png: the file is empty).' });
  const zip = join(folderWith({ 'a.zip': encodeZip([{ name: '../evil.png', content: greyPng(1) }]) }), 'a.zip');
  expect(await failureOf(paths(zip))).toMatchObject({ message: 'There is no usable image to train on (../evil.png: its name could lead out of the archive).' });
  truncateSync(zip, 60);
  expect(await failureOf(paths(zip))).toMatchObject({ message: 'There is no usable image to train on (a.zip: it is not a zip archive, or a damaged one).' });
});

test('a target that is taken is left alone, an empty one is used, one without a parent is refused', async () => {
  const request: ImportRequest = { source: paths(folderWith(classTree(['.'], 3))), size: 'auto', channels: 'auto', seed: 0 };
  const parent = folderWith({ 'taken/file': 'precious' });
  expect(await importDataset(request, join(parent, 'taken'))).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await importDataset(request, join(parent, 'taken', 'file'))).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(readdirSync(join(parent, 'taken'))).toEqual(['file']);
  mkdirSync(join(parent, 'empty'));
  expect(await importDataset(request, join(parent, 'empty'))).toMatchObject({ ok: true });
  expect(await importDataset(request, join(parent, 'no', 'parent'))).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(readdirSync(parent).sort()).toEqual(['empty', 'taken']);
});

test('what a killed importer left behind is cleared away', async () => {
  const parent = folderWith({ '.dataset.importing/dataset/images.u8': 'half', '.other.importing/x': 'not ours' });
  removeUnfinishedImport(join(parent, 'dataset'));
  expect(readdirSync(parent)).toEqual(['.other.importing']);
  writeTree(parent, { '.dataset.importing/dataset/images.u8': 'half' });
  const imported = await importDataset({ source: paths(folderWith(classTree(['.'], 3))), size: 'auto', channels: 'auto', seed: 0 }, join(parent, 'dataset'));
  expect(imported.ok).toBe(true);
  expect(readdirSync(parent).sort()).toEqual(['.other.importing', 'dataset']);
});

test('a cancel at any moment leaves nothing behind', async () => {
  const dir = folderWith({ ...classTree(['a', 'b'], 60), 'large.png': colourPng(1, 400) });
  const packed = folderWith({ 'x-images-idx3-ubyte.gz': gzipSync(idx(2000)) });
  const sources: DatasetSource[] = [paths(dir), paths(packed), { kind: 'sample', sample: 'shapes' }, { kind: 'sample', sample: 'mnist' }];
  const already = new AbortController();
  already.abort();
  for (const source of sources) {
    for (const delayMs of [0, 3, 10]) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), delayMs);
      // The outcome depends on timing; that nothing half-written is there does not, and is checked within.
      const { result } = await attempt(source, {}, { signal: abort.signal });
      if ('message' in result) expect(result.code).toBe('cancelled');
      clearTimeout(timer);
    }
    const { result } = await attempt(source, {}, { signal: already.signal });
    expect(result).toMatchObject({ code: 'cancelled' });
  }
  const whenDecoding = new AbortController();
  const { result } = await attempt(paths(dir), {}, { signal: whenDecoding.signal, onProgress: ({ phase }) => phase === 'decoding' && whenDecoding.abort() });
  expect(result).toMatchObject({ code: 'cancelled' });
});

test('what the file system refuses is a sentence', async () => {
  const parent = folderWith({ plain: 'a file where a folder should be' });
  const source = paths(folderWith(classTree(['.'], 3)));
  const imported = await importDataset({ source, size: 'auto', channels: 'auto', seed: 0 }, join(parent, 'plain', 'dataset'));
  expect(imported).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(readdirSync(parent)).toEqual(['plain']);
});

test.runIf(process.platform !== 'win32')('no file stays open after an import, whatever came of it', async () => {
  const open = (): number => readdirSync('/dev/fd').length;
  const zip = join(folderWith({ 'a.zip': encodeZip([{ name: 'a.png', content: greyPng(1) }, { name: 'b.png', content: greyPng(2) }]) }), 'a.zip');
  const dir = folderWith({ ...classTree(['a'], 20), 'x.png': 'text', 'y.png': colourPng(1, 150).subarray(0, 999) });
  const broken = folderWith({ 'a-images-idx3-ubyte.gz': gzipSync(idx(20)), 'a-labels-idx1-ubyte': idxLabels(3) });
  await attempt(paths(dir));
  const before = open();
  for (const source of [paths(dir), paths(zip), paths(broken), paths(zip, dir)]) await attempt(source);
  expect(open()).toBe(before);
});

test('progress goes forward within each phase and ends complete', async () => {
  const seen: ImportProgress[] = [];
  await importAll(paths(folderWith(classTree(['a', 'b'], 30))), {}, { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ phase: 'decoding', done: 60, total: 60 });
  expect(seen.every(({ done, total }) => total === 0 || done <= total)).toBe(true);
});

test('MNIST is copied in blocks: all of it, unchanged, in little memory', async () => {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const { target, summary } = await importAll({ kind: 'sample', sample: 'mnist' }, {}, { onProgress: () => (most = Math.max(most, process.memoryUsage().arrayBuffers)) });
  expect(most - before).toBeLessThan(60e6);
  expect(summary).toMatchObject({ count: 70000, heldOut: 10000, format: { width: 28, height: 28, channels: 1 }, report: { skipped: [], leftOut: 0, notices: [] } });
  expect(summary.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  // Counts published with the database, training and test added up.
  expect(summary.classCounts).toEqual([6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958]);
  expect(existsSync(join(target, '..', '.dataset.importing'))).toBe(false);
});

test('emoji come out at 64 x 64 in colour, on white', async () => {
  const { summary, images } = await importAll({ kind: 'sample', sample: 'emoji' }, { limit: 30 });
  expect(summary).toMatchObject({ count: 30, format: { width: 64, height: 64, channels: 3 } });
  for (let item = 0; item < 30; item++) expect([...images.subarray(item * 12288, item * 12288 + 3)]).toEqual([255, 255, 255]);
});

test('whatever a folder holds, the import is a dataset that opens or a sentence, and nothing else is left', async () => {
  const contents = fc.oneof(
    fc.integer({ min: 0, max: 99 }).map((seed) => greyPng(seed)),
    fc.integer({ min: 0, max: 99 }).map((seed) => colourPng(seed, 20)),
    fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 250 })).map(([seed, length]) => colourPng(seed, 20).subarray(0, length)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(idx(4)),
    fc.constant(encodeZip([{ name: 'a.png', content: greyPng(1) }])),
  );
  const names = fc.stringMatching(/^([ab]\/){0,2}[xyz1]{1,2}\.(png|jpg|zip|txt)$/);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, contents, { maxKeys: 6, noNullPrototype: true }), fc.boolean(), async (files, asBytes) => {
      const source: DatasetSource = asBytes ? { kind: 'bytes', files: Object.entries(files).map(([name, bytes]) => ({ name, bytes })) } : paths(folderWith(files));
      const { target, result } = await attempt(source, { size: 8 });
      if ('message' in result) {
        expect(result.message).toMatch(/^[A-Z].*\.$/);
        return;
      }
      const opened = openDataset(target);
      expect(opened.ok).toBe(true);
      if (opened.ok) {
        expect(new Set(opened.value.items.ids).size).toBe(opened.value.count);
        opened.value.dispose();
      }
    }),
    { seed: 15, numRuns: 150 },
  );
});

test('a file that changes between listing and decoding is skipped with a reason', async () => {
  const dir = folderWith({ 'a.png': colourPng(1, 150), 'b.png': greyPng(2), 'c.png': greyPng(3), 'd.png': greyPng(4) });
  const onDecoding = (): void => {
    writeFileSync(join(dir, 'c.png'), '');
    rmSync(join(dir, 'd.png'));
  };
  const { summary } = await importAll(paths(dir), {}, { onDecoding, oneAtATime: true });
  expect(reasonsOf(summary)).toEqual({ 'c.png': 'the file is empty', 'd.png': 'it is not there' });
});
