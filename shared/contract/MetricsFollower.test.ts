import { expect, test } from 'vitest';
import type { StudioEvent } from './studio.js';
import { failure } from '../failure.js';
import { err, ok } from '../result.js';
import type { Metrics } from '../run.js';
import { MetricsFollower } from './MetricsFollower.js';

const dir = '/run';
const file = Array.from({ length: 30 }, (_, i): Metrics => ({
  kind: 'step', step: i + 1, epoch: 1, loss: { elbo: -1, reconstruction: 1, kl: 0 }, gradientNorm: 1, applied: true, beta: 1, rate: 1,
}));
/** Lines `from` (exclusive) to `to` of the file. */
const batch = (from: number, to: number): StudioEvent => ({ kind: 'metrics', dir, cursor: to, lines: file.slice(from, to) });
const state = (name: 'running' | 'preparing'): StudioEvent => ({ kind: 'run', dir, state: name, step: 0, epoch: 0 });
/** Long enough for everything that waits for nothing but promises. */
async function turn(): Promise<void> {
  for (let i = 0; i < 20; i++) await null;
}

function follow(length = file.length) {
  const heard: (number | string)[] = [];
  const reads: number[] = [];
  const follower = new MetricsFollower(
    async (_dir, cursor) => {
      reads.push(cursor);
      await turn();
      return length < 0 ? err(failure('not-found', 'gone')) : ok({ cursor: length, lines: file.slice(cursor, length) });
    },
    (event) => {
      if (event.kind === 'metrics') heard.push(...event.lines.map((line) => line.step));
      else heard.push(event.kind === 'run' ? event.state : event.kind);
    },
  );
  return { follower, heard, reads };
}

test('metrics without gaps pass at once, from wherever they begin', () => {
  const { follower, heard, reads } = follow();
  follower.take(batch(4, 6));
  follower.take(state('running'));
  follower.take(batch(6, 7));
  expect(heard).toEqual([5, 6, 'running', 7]);
  expect(reads).toEqual([]);
});

test('a gap is closed from the file, nothing comes twice, and what follows waits its turn', async () => {
  const { follower, heard, reads } = follow(9);
  follower.take(batch(0, 2));
  follower.take(batch(5, 7));
  follower.take(state('running'));
  follower.take(batch(7, 12));
  expect(heard).toEqual([1, 2]);
  await turn();
  await turn();
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 'running', 10, 11, 12]);
  follower.take(batch(12, 13));
  expect(heard.at(-1)).toBe(13);
  expect(reads).toEqual([2]);
});

test('a file that cannot be read leaves the gap, not the silence', async () => {
  const { follower, heard } = follow(-1);
  follower.take(batch(0, 1));
  follower.take(batch(3, 4));
  await turn();
  await turn();
  expect(heard).toEqual([1, 4]);
});

test('a run that is taken up again from an earlier line is followed from there', () => {
  const { follower, heard, reads } = follow();
  follower.take(batch(0, 9));
  follower.take(state('preparing'));
  follower.take(batch(5, 8));
  expect(heard.slice(9)).toEqual(['preparing', 6, 7, 8]);
  expect(reads).toEqual([]);
});
