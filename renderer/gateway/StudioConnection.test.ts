import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import { connect } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Transport } from '../../shared/contract/transport.js';
import { ok } from '../../shared/result.js';
import type { Metrics } from '../../shared/run.js';
import type { Connection } from './Gateway.js';
import { StudioConnection } from './StudioConnection.js';

const line = (step: number): Metrics => ({
  kind: 'step', step, epoch: 1, loss: { elbo: -1, reconstruction: 1, kl: 0 }, gradientNorm: 1, applied: true, beta: 1, rate: 1,
});
const metrics = (from: number, to: number): StudioEvent => ({
  kind: 'metrics', dir: '/run', cursor: to, lines: Array.from({ length: to - from }, (_, i) => line(from + i + 1)),
});

/** The other end of each connection that was asked for, oldest first. */
let studios: { readonly peer: Peer<EventListenerApi>; readonly transport: Transport }[];
/** How many connections lead nowhere before the next one leads to a studio. */
let misses: number;

function open(): Transport {
  const { port1, port2 } = new MessageChannel();
  const transport = new MessagePortTransport(port2);
  if (misses-- > 0) transport.close();
  else {
    const api: Partial<StudioApi> & { acknowledge(): void } = {
      status: () => Promise.resolve({ importing: null, run: null }),
      newProjectPath: (name) => (name === 'never' ? new Promise(() => undefined) : Promise.resolve(`/${name}`)),
      openProject: () => new Promise(() => undefined),
      metrics: (_dir, cursor) => Promise.resolve(ok({ cursor: 9, lines: Array.from({ length: 9 - cursor }, (_, i) => line(cursor + i + 1)) })),
      acknowledge: () => undefined,
    };
    studios.push({ transport, peer: connect<typeof api, EventListenerApi>(transport, api) });
  }
  return new MessagePortTransport(port1);
}

/** Ends a connection from the studio's side, and waits until the window has seen it. */
async function lose(connection: StudioConnection, transport: Transport): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = connection.onConnection((state) => {
      if (state !== 'lost') return;
      resolve();
      queueMicrotask(() => stop());
    });
    transport.close();
  });
}

beforeEach(() => {
  studios = [];
  misses = 0;
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('calls wait until a studio answers, however often it has to be looked for', async () => {
  misses = 2;
  const connection = new StudioConnection(open);
  const heard: Connection[] = [];
  connection.onConnection((state) => heard.push(state));
  const path = connection.studio.newProjectPath('a');
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(250);
    expect(heard).toEqual(['connecting', 'connected']);
  });
  expect(await path).toBe('/a');
  expect(studios).toHaveLength(1);
});

test('a call whose connection is lost fails, and those that follow go to the next one', async () => {
  const connection = new StudioConnection(open);
  const heard: Connection[] = [];
  const stop = connection.onConnection((state) => heard.push(state));
  expect(await connection.studio.newProjectPath('a')).toBe('/a');
  const [result, value] = [connection.studio.openProject('/a'), connection.studio.newProjectPath('never')];
  void value.catch(() => undefined);
  // Once this is answered, the two before it are on their way.
  await connection.studio.newProjectPath('b');
  await lose(connection, studios[0]!.transport);
  expect(await result).toMatchObject({ ok: false, error: { code: 'crashed' } });
  await expect(value).rejects.toThrow('No answer to newProjectPath');
  expect(await connection.studio.newProjectPath('b')).toBe('/b');
  expect(heard).toEqual(['connecting', 'connected', 'lost', 'connected']);
  stop();
  await lose(connection, studios[1]!.transport);
  expect(await connection.studio.newProjectPath('c')).toBe('/c');
  expect(heard).toHaveLength(4);
});

test('metrics that were said while there was no connection are read from the file', async () => {
  const connection = new StudioConnection(open);
  const steps: number[] = [];
  connection.onEvent((event) => {
    if (event.kind === 'metrics') steps.push(...event.lines.map((each) => each.step));
  });
  await connection.studio.newProjectPath('a');
  studios[0]!.peer.send.event(metrics(0, 3), { channel: '/run', number: 3 });
  await vi.waitFor(() => expect(steps).toEqual([1, 2, 3]));
  await lose(connection, studios[0]!.transport);
  await connection.studio.newProjectPath('b');
  studios[1]!.peer.send.event(metrics(7, 8), { channel: '/run', number: 8 });
  studios[1]!.peer.send.event(metrics(8, 10), { channel: '/run', number: 10 });
  await vi.waitFor(() => expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

test('a listener that was removed hears nothing more', async () => {
  const connection = new StudioConnection(open);
  const heard: StudioEvent[] = [];
  const stop = connection.onEvent((event) => heard.push(event));
  await connection.studio.newProjectPath('a');
  stop();
  studios[0]!.peer.send.event({ kind: 'notice', about: 'run', message: 'n' }, null);
  await connection.studio.newProjectPath('b');
  expect(heard).toEqual([]);
});
