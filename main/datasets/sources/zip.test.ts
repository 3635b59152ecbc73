import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { Pace } from '../pace.js';
import type { ZipEntryParts } from '../testing/encode.js';
import { encodeZip, greyPng } from '../testing/encode.js';
import { MemoryFile } from './sourceFile.js';
import { listZip } from './zip.js';

async function list(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof listZip>>> {
  return listZip(new MemoryFile('a.zip', bytes), '', new DisposableStore(), new Pace(undefined, undefined));
}

async function unpackAll(entries: readonly ZipEntryParts[]): Promise<Record<string, Uint8Array | string>> {
  const listing = await list(encodeZip(entries));
  if (!listing.ok) throw new Error(listing.error.message);
  const found: Record<string, Uint8Array | string> = Object.fromEntries(listing.value.skipped.map(({ name, reason }) => [name, reason.message]));
  for (const file of listing.value.files) {
    const content = await file.load();
    found[file.name] = content.ok ? Buffer.from(content.value) : content.error.message;
  }
  return found;
}

test('entries come back byte for byte, stored or deflated, whatever their names', async () => {
  const content = greyPng(1);
  const found = await unpackAll([
    { name: 'a/b.png', content },
    { name: 'été.png', content, stored: true },
    { name: 'empty', content: new Uint8Array() },
  ]);
  expect(found).toEqual({ 'a/b.png': content, 'été.png': content, empty: Buffer.alloc(0) });
});

test('a name that could lead out of the archive is refused by name, the rest is used, and nothing is written', async () => {
  const content = greyPng(2);
  const cwd = process.cwd();
  const before = readdirSync(cwd);
  const hostile = ['../evil.png', 'a/../../evil.png', '/etc/evil.png', 'C:/evil.png', 'c:evil.png', '..\\evil.png', 'a\\b.png', 'a//b.png', './a.png', 'a\nb.png'];
  const found = await unpackAll([...hostile, 'good.png'].map((name) => ({ name, content })));
  expect(found).toEqual({ ...Object.fromEntries(hostile.map((name) => [name, 'its name could lead out of the archive'])), 'good.png': content });
  expect(readdirSync(cwd)).toEqual(before);
});

test('what archivers leave behind is ignored without a word', async () => {
  const content = greyPng(3);
  const found = await unpackAll(['__MACOSX/._a.png', '.DS_Store', 'x/Thumbs.db', 'dir/', 'a.png'].map((name) => ({ name, content: name === 'dir/' ? new Uint8Array() : content })));
  expect(Object.keys(found)).toEqual(['a.png']);
});

test('encrypted entries and unknown compression are refused by themselves', async () => {
  const content = greyPng(4);
  const found = await unpackAll([
    { name: 'secret.png', content, flags: 0x801 },
    { name: 'lzma.png', content, method: 14 },
    { name: 'good.png', content },
  ]);
  expect(found).toEqual({ 'secret.png': 'it is encrypted', 'lzma.png': 'it is compressed in a way that cannot be read', 'good.png': content });
});

test('an entry that unpacks to more or less than it declares is damaged', async () => {
  const content = new Uint8Array(5_000_000);
  const found = await unpackAll([
    { name: 'more', content, declaredSize: 1000 },
    { name: 'less', content, declaredSize: 6_000_000 },
    { name: 'stored', content: greyPng(5), stored: true, declaredSize: 7 },
  ]);
  expect(found).toEqual({ more: 'it is damaged or cut off', less: 'it is damaged or cut off', stored: 'it is damaged or cut off' });
});

test('an entry is unpacked no further than it declares', async () => {
  const listing = await list(encodeZip([{ name: 'bomb.png', content: new Uint8Array(80e6), declaredSize: 1000 }]));
  if (!listing.ok) throw new Error(listing.error.message);
  const before = process.memoryUsage().arrayBuffers;
  await listing.value.files[0]!.load();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5e6);
});

test('an archive that would unpack to absurd amounts is refused before anything is unpacked', async () => {
  const bomb = encodeZip(Array.from({ length: 100 }, (_, i) => ({ name: `${i}.png`, content: new Uint8Array(1000), declaredSize: 400e6 })));
  const listing = await list(bomb);
  expect(listing.ok || listing.error.message).toMatch(/^it would unpack to \d+ times its size$/);
  const single = await unpackAll([{ name: 'huge.png', content: new Uint8Array(10), declaredSize: 600e6 }]);
  expect(single).toEqual({ 'huge.png': 'it is larger than 512 MB' });
});

test('bytes that were flipped or cut never throw or hang: each file is its content, a reason, or the archive has one', async () => {
  const content = greyPng(6);
  const valid = encodeZip([{ name: 'a.png', content }, { name: 'b/c.png', content, stored: true }, { name: 'd.png', content }]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: valid.length - 1 }), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
      fc.option(fc.integer({ min: 0, max: valid.length }), { nil: valid.length, freq: 4 }),
      async (flips, length) => {
        const bytes = Buffer.from(valid.subarray(0, length));
        for (const [at, mask] of flips) if (at < length) bytes[at]! ^= mask;
        const listing = await list(bytes);
        if (!listing.ok) return;
        for (const file of listing.value.files) {
          const unpacked = await file.load();
          // The check sum decides: whatever is returned is what was put in.
          if (unpacked.ok && unpacked.value.length > 0) expect(Buffer.compare(unpacked.value, content)).toBe(0);
        }
      },
    ),
    { seed: 5, numRuns: 2000 },
  );
});

test('what is no archive is said to be none', async () => {
  expect(await list(Buffer.from('PK\x03\x04 but not really'))).toMatchObject({ ok: false, error: { message: 'it is not a zip archive, or a damaged one' } });
  expect(await list(new Uint8Array())).toMatchObject({ ok: false, error: { message: 'it is not a zip archive, or a damaged one' } });
});
