import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Frame } from '../../shared/contract/studio.js';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Connection, Gateway } from '../gateway/Gateway.js';
import { CloudSession } from './CloudSession.svelte.js';
import { Notices } from './Notices.svelte.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Answer = Result<Frame | null, Failure>;

/** A studio whose `frame` is answered by the test, one call after the other. */
function world(goesOn: () => boolean) {
  const asked: (number | null)[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  let connection: Connection = 'connected';
  const listeners = new Set<(connection: Connection) => void>();
  const gateway = {
    studio: {
      frame: (_dir: string, after: number | null) => {
        asked.push(after);
        return new Promise<Answer>((resolve) => waiting.push(resolve));
      },
    },
    onConnection: (listener: (connection: Connection) => void) => {
      listeners.add(listener);
      listener(connection);
      return () => listeners.delete(listener);
    },
  } as unknown as Gateway;
  const notices = new Notices();
  return {
    asked,
    listeners,
    notices,
    cloud: new CloudSession(gateway, notices, 'run', goesOn),
    answer: async (answer: Answer) => {
      waiting.shift()!(answer);
      await vi.advanceTimersByTimeAsync(0);
    },
    connect: (now: Connection) => {
      connection = now;
      for (const listener of listeners) listener(now);
    },
  };
}

const frame = (number: number): Answer => ok({ number } as Frame);

test('each request for a frame acknowledges the one before, and none is asked for ahead of it', async () => {
  const { asked, cloud, answer } = world(() => true);
  const abort = new AbortController();
  void cloud.follow(abort.signal);
  void cloud.follow(abort.signal);
  expect(asked).toEqual([null]);
  await answer(frame(1));
  await answer(frame(4));
  expect(asked).toEqual([null, 1, 4]);
  expect(cloud.frame?.number).toBe(4);
  abort.abort();
});

test('a paused run is asked again, a run that is over is not', async () => {
  let goesOn = true;
  const { asked, cloud, answer } = world(() => goesOn);
  const followed = cloud.follow(new AbortController().signal);
  await answer(ok(null));
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.length).toBe(2);
  goesOn = false;
  await answer(ok(null));
  await followed;
  // Taken up again it is followed again.
  goesOn = true;
  void cloud.follow(new AbortController().signal);
  expect(asked).toEqual([null, null, null]);
});

test('a lost studio is waited for, and then counts its frames from the beginning', async () => {
  const { asked, cloud, answer, connect, listeners, notices } = world(() => true);
  const abort = new AbortController();
  void cloud.follow(abort.signal);
  await answer(frame(7));
  connect('lost');
  await answer(err(failure('crashed', 'The studio ended.')));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([null, 7]);
  connect('connected');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([null, 7, null]);
  expect(listeners.size).toBe(0);
  expect(notices.of('cloud')).toBeNull();
  abort.abort();
});

test('a failure is told in the region of the cloud', async () => {
  const { cloud, answer, notices } = world(() => true);
  const followed = cloud.follow(new AbortController().signal);
  await answer(err(failure('bad-data', 'The checkpoint cannot be read.')));
  await followed;
  expect(notices.of('cloud')?.sentence.message).toBe('The checkpoint cannot be read.');
});

test('isolating the only shown class shows all again', () => {
  const { cloud } = world(() => true);
  cloud.isolate(3);
  expect([...cloud.isolated!]).toEqual([3]);
  cloud.isolate(5);
  expect([...cloud.isolated!]).toEqual([5]);
  cloud.isolate(5);
  expect(cloud.isolated).toBeNull();
});
