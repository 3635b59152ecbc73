import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostDropBytes } from '../../shared/contract/drop.js';
import type { DropApi, DropPart } from '../../shared/contract/drop.js';
import type { Remote } from '../../shared/contract/rpc.js';
import { failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { DroppedFile } from './droppedFiles.js';
import { sendFiles } from './sendFiles.js';
import type { Delivery } from './Shell.js';

const kilobyte = 1024;
const never = new AbortController().signal;

/** A receiver that keeps what comes, and answers when `answer` lets it. */
function receiver(answer: (append: number) => Promise<unknown> = () => Promise.resolve()) {
  const appends: (readonly DropPart[])[] = [];
  let unanswered = 0;
  let mostUnanswered = 0;
  const api: Pick<Remote<DropApi>, 'append'> = {
    append: async (_drop, parts) => {
      appends.push(parts);
      mostUnanswered = Math.max(mostUnanswered, ++unanswered);
      await answer(appends.length);
      unanswered--;
      return ok(null);
    },
  };
  return { to: api as Remote<DropApi>, appends, mostUnanswered: () => mostUnanswered };
}

async function* portions(files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[], each = 100): AsyncGenerator<readonly DroppedFile[]> {
  const dropped = files.map(({ name, bytes }) => ({ name, file: new File([bytes], name) }));
  for (let at = 0; at < dropped.length; at += each) yield await Promise.resolve(dropped.slice(at, at + each));
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** What the receiver makes of the parts. */
function joined(appends: readonly (readonly DropPart[])[]): { name: string; bytes: Uint8Array }[] {
  const files: { name: string; pieces: Uint8Array[]; ended: boolean }[] = [];
  for (const { name, bytes, last } of appends.flat()) {
    const open = files.at(-1);
    if (open && !open.ended) expect(name).toBe(open.name);
    else files.push({ name, pieces: [], ended: false });
    files.at(-1)!.pieces.push(bytes);
    files.at(-1)!.ended = last;
  }
  expect(files.every(({ ended }) => ended)).toBe(true);
  return files.map(({ name, pieces }) => ({ name, bytes: concatenated(pieces) }));
}

test('every file arrives whole and in order, small ones together, and progress ends at the sum', async () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2500 * kilobyte }));
  await fc.assert(fc.asyncProperty(fc.array(size, { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (sizes, each) => {
    const files = sizes.map((length, i) => ({ name: `${i % 2}/${i}.png`, bytes: new Uint8Array(length).fill(i) }));
    const { to, appends } = receiver();
    let progress: Delivery = { files: 0, bytes: 0 };
    expect(await sendFiles(to, 'd', portions(files, each), (now) => (progress = now), never)).toEqual(ok(null));
    const found = joined(appends);
    expect(found.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    for (const [i, file] of found.entries()) expect([file.bytes.length, file.bytes.every((byte) => byte === i)]).toEqual([files[i]!.bytes.length, true]);
    expect(progress).toEqual({ files: files.length, bytes: sizes.reduce((sum, length) => sum + length, 0) });
    for (const parts of appends) expect(parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)).toBeLessThanOrEqual(mostDropBytes);
  }), { seed: 2, numRuns: 30 });
});

test('thousands of small files travel in a few messages', async () => {
  const { to, appends } = receiver();
  const files = Array.from({ length: 5000 }, (_, i) => ({ name: `${i}`, bytes: new Uint8Array(3) }));
  await sendFiles(to, 'd', portions(files), () => undefined, never);
  expect(appends.map(({ length }) => length)).toEqual(Array.from({ length: 20 }, () => 250));
});

test('a receiver that is slow is not overrun', async () => {
  const slow = receiver(() => new Promise((resolve) => setTimeout(resolve, 5)));
  await sendFiles(slow.to, 'd', portions([{ name: 'a', bytes: new Uint8Array(20 * kilobyte * kilobyte) }]), () => undefined, never);
  expect(slow.appends).toHaveLength(20);
  expect(slow.mostUnanswered()).toBe(4);
});

test('cancelling ends it before the next message', async () => {
  const cancel = new AbortController();
  const { to, appends } = receiver((append) => {
    if (append === 2) cancel.abort();
    return Promise.resolve();
  });
  const files = [{ name: 'a', bytes: new Uint8Array(20 * kilobyte * kilobyte) }];
  expect(await sendFiles(to, 'd', portions(files), () => undefined, cancel.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(appends).toHaveLength(2);
});

test('a refusal ends it and is what the sender is told; a lost connection rejects', async () => {
  const full = err(failure('resources', 'The disk is full.'));
  const files = [{ name: 'a', bytes: new Uint8Array(20 * kilobyte * kilobyte) }];
  let appends = 0;
  const refusing = { append: () => Promise.resolve(++appends < 3 ? ok(null) : full) } as unknown as Remote<DropApi>;
  expect(await sendFiles(refusing, 'd', portions(files), () => undefined, never)).toBe(full);
  expect(appends).toBeLessThan(8);
  const lost = receiver(() => Promise.reject(new Error('lost')));
  await expect(sendFiles(lost.to, 'd', portions(files), () => undefined, never)).rejects.toThrow('lost');
});
