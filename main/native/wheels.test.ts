import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Wheel } from './release.js';
import { FakeMachine } from './testing/FakeMachine.js';
import { downloadWheels, missingBytes } from './wheels.js';

let machine: FakeMachine;
let wheels: string;
beforeEach(() => {
  machine = new FakeMachine();
  wheels = join(machine.folder, 'wheels');
});
afterEach(() => machine.dispose());

const content = 'a wheel';
function wheel(project: string): Wheel {
  return { project, version: '1.0', platform: 'any', bytes: content.length, unpackedBytes: 0, sha256: createHash('sha256').update(content).digest('hex') };
}

/** What pip does: the last but one word but one names the folder, the last one the wheel. */
const parts = ['while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; shift; done'];

function download(project = 'one', signal = new AbortController().signal): Promise<readonly string[]> {
  return downloadWheels([wheel(project)], wheels, { python: join(machine.folder, 'bin', 'python3'), signal, onBytes: () => undefined });
}

/** A pip that writes this, and counts its calls. */
function pipWriting(text: string): () => number {
  const calls = join(machine.folder, 'calls');
  machine.python({ hasPip: true, tensorflow: null }, `echo x >> ${calls}`, ...parts, `printf '${text}' > "$dest/one-1.0-any.whl"`);
  return () => (existsSync(calls) ? readFileSync(calls, 'utf8').length / 2 : 0);
}

/** One that has ended and that nobody has asked about since (a zombie) is not. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a wheel that is there and right is not fetched again', async () => {
  const calls = pipWriting(content);
  const [path] = await download();
  expect(readFileSync(path!, 'utf8')).toBe(content);
  expect(await download()).toEqual([path]);
  expect(calls()).toBe(1);
  expect(missingBytes([wheel('one')], wheels)).toBe(0);
});

test('a wheel that was cut or changed since is fetched again', async () => {
  const calls = pipWriting(content);
  const [path] = await download();
  truncateSync(path!, 3);
  await download();
  writeFileSync(path!, content.toUpperCase());
  expect(readFileSync((await download())[0]!, 'utf8')).toBe(content);
  expect(calls()).toBe(3);
});

test('what has another checksum is refused, and nothing of it is kept', async () => {
  pipWriting('A WHEEL');
  await expect(download()).rejects.toMatchObject({ failure: { code: 'bad-data', message: expect.stringContaining('checksum') as string } });
  expect(readdirSync(wheels)).toEqual([]);
  expect(missingBytes([wheel('one')], wheels)).toBe(content.length);
});

test.each([
  ['WARNING: Retrying: Temporary failure in name resolution\nERROR: No matching distribution found for one', /could not reach its index.*embedded backend is used/],
  ['OSError: [Errno 28] No space left on device', /disk became full/],
  ['ERROR: Could not find a version\nERROR: No matching distribution found for one==1.0', /\(No matching distribution found for one==1\.0\)/],
  ['', /could not fetch one 1\.0: look which index/],
])('pip that ends with %j is told in one sentence', async (words, sentence) => {
  machine.python({ hasPip: true, tensorflow: null }, `printf '${words}' >&2`, 'exit 1');
  await expect(download()).rejects.toMatchObject({ failure: { code: 'resources', message: expect.stringMatching(sentence) as string } });
});

test('a cancellation ends pip with all that it has started, and keeps the wheels that are whole', async () => {
  pipWriting(content);
  await download();
  const pid = join(machine.folder, 'pid');
  machine.python({ hasPip: true, tensorflow: null }, `sleep 60 & echo $! > ${pid}`, 'wait');
  const abort = new AbortController();
  const other = { ...wheel('two'), sha256: '0'.repeat(64) };
  const options = { python: join(machine.folder, 'bin', 'python3'), signal: abort.signal, onBytes: () => undefined };
  const fetching = downloadWheels([wheel('one'), other], wheels, options);
  while (!existsSync(pid) || readFileSync(pid, 'utf8') === '') await delay(10);
  abort.abort();
  await expect(fetching).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect(isRunning(Number(readFileSync(pid, 'utf8')))).toBe(false);
  expect(readdirSync(wheels)).toEqual([wheel('one').sha256]);
});
