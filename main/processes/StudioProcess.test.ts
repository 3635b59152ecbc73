import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { EventReceiver } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import { connect } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import { studioEvent, studioSchemas } from '../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { Metrics } from '../../shared/run.js';
import { deferred } from './deferred.js';
import { clientPeer, ownerPeer, StudioProcess } from './StudioProcess.js';
import type { StudioProcessApi } from './StudioClients.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };
const dir = '/run';
const state: StudioEvent = { kind: 'run', dir, state: 'running', step: 3, epoch: 1 };
const notice: StudioEvent = { kind: 'notice', about: 'run', message: 'n' };
const line: Metrics = { kind: 'step', step: 1, epoch: 1, loss: { elbo: -1, reconstruction: 1, kl: 0 }, gradientNorm: 1, applied: true, beta: 1, rate: 1 };
const metrics = (run: string, cursor: number): StudioEvent => ({ kind: 'metrics', dir: run, cursor, lines: [line] });

function channel(): [Transport, Transport] {
  const { port1, port2 } = new MessageChannel();
  return [new MessagePortTransport(port1), new MessagePortTransport(port2)];
}

function begin() {
  const reattached = deferred<undefined>();
  const asked: string[] = [];
  let emit: (event: StudioEvent) => void = () => undefined;
  const process = new StudioProcess((options) => {
    emit = options.emit;
    const refusals = Object.keys(studioSchemas).map((name) => [name, () => Promise.reject(new Error(`${name} was reached`))]);
    return {
      ...(Object.fromEntries(refusals) as unknown as StudioApi),
      reattach: () => reattached.promise,
      cancelImport: () => {
        asked.push('cancelImport');
        return Promise.resolve();
      },
      dispose: () => asked.push('dispose'),
    };
  });
  const join = () => {
    const [near, far] = channel();
    process.accept(clientPeer, near);
    const events: StudioEvent[] = [];
    const receiver: EventReceiver<StudioEvent> = new EventReceiver(studioEvent, () => peer.send);
    const peer: Peer<StudioProcessApi> = connect<EventListenerApi, StudioProcessApi>(far, receiver.handlers);
    receiver.listen((event) => void events.push(event));
    return { peer, events };
  };
  process.accept(ownerPeer, channel()[0]);
  return { process, join, asked, reattached, emit: (event: StudioEvent) => emit(event) };
}

test('no call is served before what the last studio left has been taken up', async () => {
  const { join, asked, reattached } = begin();
  const { peer } = join();
  const cancelled = peer.calls.cancelImport();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toEqual([]);
  reattached.resolve(undefined);
  await cancelled;
  expect(asked).toEqual(['cancelImport']);
});

test('what was said before the first client came is said to it, metrics apart; a later one begins with the present', async () => {
  const { join, emit, reattached } = begin();
  emit(state);
  emit(metrics(dir, 1));
  reattached.resolve(undefined);
  const first = join();
  await first.peer.calls.cancelImport();
  emit(notice);
  await expect.poll(() => first.events, patience).toEqual([state, notice]);
  const second = join();
  await second.peer.calls.cancelImport();
  expect(second.events).toEqual([]);
  emit(state);
  await expect.poll(() => [first.events.length, second.events], patience).toEqual([3, [state]]);
});

test('the metrics of one run come before what follows them and before those of the next run', async () => {
  const { join, emit, reattached } = begin();
  reattached.resolve(undefined);
  const { peer, events } = join();
  await peer.calls.cancelImport();
  const sent = [metrics(dir, 1), metrics(dir, 2), notice, metrics(dir, 3), metrics('/other', 1), metrics('/other', 2), state];
  for (const event of sent) emit(event);
  await expect.poll(() => events, patience).toEqual(sent);
});

test('arguments from clients are checked, and a client that talks nonsense loses its connection and nobody else does', async () => {
  const { join, emit, reattached } = begin();
  reattached.resolve(undefined);
  const [good, bad] = [join(), join()];
  expect(await bad.peer.calls.setBeta(NaN)).toMatchObject({ ok: false, error: { code: 'usage' } });
  await expect(bad.peer.calls.setBeta(1)).rejects.toThrow('setBeta was reached');
  await expect((bad.peer.calls as unknown as { reattach(): Promise<void> }).reattach()).rejects.toThrow('not found');
  const gone = new Promise((resolve) => bad.peer.transport.onClose(resolve));
  bad.peer.send.acknowledge('nonsense');
  await gone;
  emit(notice);
  await expect.poll(() => good.events, patience).toEqual([notice]);
  expect(bad.events).toEqual([]);
});

test('a neighbour that comes before the owner is turned away', async () => {
  const process = new StudioProcess(() => expect.unreachable());
  const [near, far] = channel();
  process.accept('trainer-1', near);
  await new Promise((resolve) => far.onClose(resolve));
  await process.stop();
});
