import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mostDropBytes } from '../../../../shared/contract/drop.js';
import type { DropPart } from '../../../../shared/contract/drop.js';
import type { Failure } from '../../../../shared/failure.js';
import type { Result } from '../../../../shared/result.js';
import type { StudioService } from '../../../processes/studioService.js';
import { clientOf } from '../testSupport/clients.js';
import { WebServer } from '../WebServer.js';
import { removeStaleDrops } from './DropRoot.js';

const patience = { timeout: 10_000, interval: 10 };
const noStudio = new Promise<StudioService>(() => undefined);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const whole = (name: string, text: string): DropPart => ({ name, bytes: bytes(text), last: true });

let server: WebServer;
let window: Awaited<ReturnType<typeof clientOf>>;
beforeEach(async () => {
  server = await WebServer.listen(noStudio);
  window = await clientOf(server.url, 'drop');
});
afterEach(() => server.dispose());

function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
const begin = async (): Promise<string> => valueOf(await window.drops.begin()).drop;

test('what was dropped lies there as it was, one path for each outermost file or folder', async () => {
  const drop = await begin();
  valueOf(await window.drops.append(drop, [whole('digits/3/a.png', 'A'), whole('lonely.png', ''), { name: 'digits/big.zip', bytes: bytes('one '), last: false }]));
  valueOf(await window.drops.append(drop, [{ name: 'digits/big.zip', bytes: bytes('two'), last: true }, whole('digits/4/b.png', 'B')]));
  const paths = valueOf(await window.drops.finish(drop));
  expect(paths.map((path) => path.slice(drop.length + 1))).toEqual(['digits', 'lonely.png']);
  const read = (name: string): string => readFileSync(join(drop, ...name.split('/')), 'utf8');
  expect(['digits/3/a.png', 'digits/4/b.png', 'digits/big.zip', 'lonely.png'].map(read)).toEqual(['A', 'B', 'one two', '']);
  await window.drops.discard(drop);
  expect(existsSync(drop)).toBe(false);
});

test('whatever names and cuts arrive, every file is kept with its bytes and nothing lies outside', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.array(fc.constantFrom('..', 'a', 'A', 'b.png', 'nul', 'é', 'e\u0301', ' '), { maxLength: 4 }).map((parts) => parts.join('/')));
  const file = fc.record({ name, pieces: fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 3 }) });
  await fc.assert(fc.asyncProperty(fc.array(file, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), async (files, together) => {
    const drop = await begin();
    const parts = files.flatMap(({ name, pieces }) => pieces.map((piece, i) => ({ name, bytes: piece, last: i === pieces.length - 1 })));
    const answers: Promise<unknown>[] = [];
    for (let at = 0; at < parts.length; at += together) answers.push(window.drops.append(drop, parts.slice(at, at + together)).then(valueOf));
    await Promise.all(answers);
    const paths = valueOf(await window.drops.finish(drop));
    const found = readdirSync(drop, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const contents = found.map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('hex'));
    expect(contents.sort()).toEqual(files.map(({ pieces }) => Buffer.concat(pieces).toString('hex')).sort());
    expect(new Set(paths)).toEqual(new Set(readdirSync(drop).map((entry) => join(drop, entry))));
    await window.drops.discard(drop);
  }), { seed: 5, numRuns: 15 });
});

test('a connection that is lost takes what was not finished with it; what was finished stays to be imported', async () => {
  const [finished, unfinished] = [await begin(), await begin()];
  for (const drop of [finished, unfinished]) valueOf(await window.drops.append(drop, [whole('a.png', 'A'), { name: 'b.png', bytes: bytes('B'), last: drop === finished }]));
  valueOf(await window.drops.finish(finished));
  window.socket.terminate();
  await expect.poll(() => existsSync(unfinished), patience).toBe(false);
  expect(readdirSync(finished)).toEqual(['a.png', 'b.png']);
  await server.dispose();
  expect(existsSync(dirname(finished))).toBe(false);
});

test('files that were just being written are removed with the rest', async () => {
  const drop = await begin();
  const parts = Array.from({ length: 500 }, (_, i) => whole(`${i}.png`, 'x'));
  const sent = [1, 2, 3].map((n) => window.drops.append(drop, parts.map((part) => ({ ...part, name: `${n}/${part.name}` }))));
  await window.drops.discard(drop);
  await Promise.all(sent);
  expect(existsSync(drop)).toBe(false);
});

test.skipIf(process.platform !== 'linux')('a full disk is a failure of resources, and nothing is taken after it', async () => {
  const drop = await begin();
  symlinkSync('/dev/full', join(drop, 'a.png'));
  expect(await window.drops.append(drop, [whole('a.png', 'A')])).toMatchObject({ ok: false, error: { code: 'resources', message: expect.stringContaining('The disk is full') as string } });
  expect(await window.drops.append(drop, [whole('b.png', 'B')])).toMatchObject({ ok: false, error: { code: 'resources' } });
  expect(await window.drops.finish(drop)).toMatchObject({ ok: false, error: { code: 'resources' } });
});

test('what makes no sense is refused: no such drop, files in each other, a missing end, too much at once, wrong types', async () => {
  const usage = (message: string) => ({ ok: false, error: { code: 'usage', message: expect.stringContaining(message) as string } });
  expect(await window.drops.append('/etc', [whole('a', 'A')])).toMatchObject(usage('no such drop'));
  expect(await window.drops.finish('/etc')).toMatchObject(usage('no such drop'));
  await window.drops.discard('/etc');
  const mixed = await begin();
  expect(await window.drops.append(mixed, [{ name: 'a', bytes: bytes('A'), last: false }, whole('b', 'B')])).toMatchObject(usage('b begins before the end of a'));
  const open = await begin();
  valueOf(await window.drops.append(open, [{ name: 'a', bytes: bytes('A'), last: false }]));
  expect(await window.drops.finish(open)).toMatchObject(usage('The end of a is missing'));
  const large = await begin();
  expect(await window.drops.append(large, [{ name: 'a', bytes: new Uint8Array(mostDropBytes + 1), last: true }])).toMatchObject(usage('taken at once'));
  expect(await window.drops.append(large, [{ name: 'a', bytes: 'A' } as unknown as DropPart])).toMatchObject(usage('bytes'));
  valueOf(await window.drops.finish(large));
  expect(await window.drops.append(large, [whole('a', 'A')])).toMatchObject(usage('finished'));
});

test('one window cannot reach the drop of another', async () => {
  const drop = await begin();
  const other = await clientOf(server.url, 'drop');
  await other.drops.discard(drop);
  expect(await other.drops.append(drop, [whole('a', 'A')])).toMatchObject({ ok: false });
  valueOf(await window.drops.append(drop, [whole('a', 'A')]));
});

test('what a server that was killed has left is removed, what belongs to a living one is not', async () => {
  const made = (pid: number): string => {
    const dir = mkdtempSync(join(tmpdir(), `morphoscope-drops-${pid}-`));
    mkdirSync(join(dir, 'drop'));
    writeFileSync(join(dir, 'drop', 'a.png'), 'A');
    return dir;
  };
  // No system gives this number to a process.
  const [stale, living] = [made(2 ** 30), made(process.pid)];
  await removeStaleDrops();
  expect([existsSync(stale), existsSync(living)]).toEqual([false, true]);
  rmSync(living, { recursive: true });
});
