import { afterEach, describe, expect, test } from 'vitest';
import { EventReceiver, parseReceipt } from '../../shared/contract/events.js';
import type { EventListenerApi, EventSourceApi } from '../../shared/contract/events.js';
import { connect, PeerGone } from '../../shared/contract/rpc.js';
import { trainerEvent } from '../../shared/contract/schemas.js';
import type { TrainerEvent } from '../../shared/contract/trainer.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { Metrics } from '../../shared/run.js';
import { links } from './testSupport/links.js';
import { TrainerEventSender } from './TrainerEventSender.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

interface Calculator {
  add(a: number, b: number): Promise<number>;
  scale(values: Float32Array, by: number): Promise<Float32Array>;
  nothing(): Promise<void>;
  throws(what: unknown): Promise<void>;
  unsendable(): Promise<unknown>;
  never(): Promise<void>;
  note(text: string): void;
}

let owned = new DisposableStore();
afterEach(() => {
  owned.dispose();
  owned = new DisposableStore();
});

function calculator(notes: string[] = []): Calculator {
  return {
    add: (a, b) => {
      notes.push(`add ${a} ${b}`);
      return Promise.resolve(a + b);
    },
    scale: (values, by) => Promise.resolve(values.map((value) => value * by)),
    nothing: () => Promise.resolve(),
    throws: (what) => {
      throw what === 'range' ? new RangeError('out of range') : what;
    },
    unsendable: () => Promise.resolve({ f: () => 1 }),
    never: () => new Promise(() => undefined),
    note: (text) => void notes.push(text),
  };
}

describe.each(links)('over a $name', ({ open }) => {
  async function pair() {
    const link = owned.add(await open());
    const notes: string[] = [];
    const near = connect<object, Calculator>(link.a, {});
    const far = connect<Calculator, object>(link.b, calculator(notes));
    return { link, near, far, notes };
  }

  test('calls are answered, typed arrays included, also many at once', async () => {
    const { near } = await pair();
    expect(await near.calls.add(2, 3)).toBe(5);
    expect(await near.calls.scale(Float32Array.of(1, 2), 3)).toEqual(Float32Array.of(3, 6));
    expect(await near.calls.nothing()).toBe(undefined);
    const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => near.calls.add(i, i)));
    expect(sums).toEqual(Array.from({ length: 200 }, (_, i) => 2 * i));
  });

  test('both ends can ask', async () => {
    const link = owned.add(await open());
    const a = connect<Calculator, Calculator>(link.a, calculator());
    const b = connect<Calculator, Calculator>(link.b, calculator());
    expect(await Promise.all([a.calls.add(1, 1), b.calls.add(2, 2)])).toEqual([2, 4]);
  });

  test('what a handler throws reaches the caller with name, message and stack', async () => {
    const { near } = await pair();
    await expect(near.calls.throws('range')).rejects.toMatchObject({ name: 'RangeError', message: 'out of range', stack: expect.stringContaining('rpc.test') as string });
    await expect(near.calls.throws(undefined)).rejects.toThrow(/undefined|null/);
    await expect(near.calls.throws(0)).rejects.toThrow('0');
    expect(await near.calls.add(1, 2)).toBe(3);
  });

  test('only own methods can be called: no other name, nothing inherited', async () => {
    const link = owned.add(await open());
    const { calls } = connect<object, Record<string, () => Promise<unknown>>>(link.a, {});
    connect(link.b, { add: () => Promise.resolve(1) });
    for (const name of ['unknown', 'toString', 'constructor', '__proto__', 'hasOwnProperty', '$call', '']) {
      await expect(calls[name]!()).rejects.toThrow('not found');
    }
    // An async function may return the calls: they do not pass for a promise.
    expect(calls['then']).toBe(undefined);
  });

  test('an argument or an answer that cannot be sent is an error for the caller, and the connection lives on', async () => {
    const { near } = await pair();
    await expect(near.calls.throws({ f: () => 1 })).rejects.toThrow();
    await expect(near.calls.unsendable()).rejects.toThrow();
    expect(await near.calls.add(1, 2)).toBe(3);
  });

  test('calls and one-way messages keep their order', async () => {
    const { near, notes } = await pair();
    near.send.note('1');
    const sum = near.calls.add(1, 1);
    near.send.note('2');
    near.send.note('3');
    const other = near.calls.add(2, 2);
    near.send.note('4');
    await Promise.all([sum, other, near.calls.nothing()]);
    expect(notes).toEqual(['1', 'add 1 1', '2', '3', 'add 2 2', '4']);
  });

  test('a peer that dies mid-call rejects every pending call with PeerGone, and every later one', async () => {
    const { link, near } = await pair();
    await near.calls.nothing();
    const pending = [near.calls.never(), near.calls.never(), near.calls.add(1, 1)];
    link.killB();
    const outcomes = await Promise.allSettled(pending);
    for (const [i, outcome] of outcomes.entries()) {
      // The last may have been answered before the end.
      if (outcome.status === 'fulfilled') expect(i).toBe(2);
      else expect(outcome.reason).toBeInstanceOf(PeerGone);
    }
    await expect(near.calls.add(1, 1)).rejects.toMatchObject({ name: 'PeerGone', method: 'add', reason: { kind: 'gone' } });
    expect(() => near.send.note('lost')).not.toThrow();
  });

  test('closing on this side rejects what is pending here too', async () => {
    const { link, near } = await pair();
    const pending = near.calls.never();
    link.a.close();
    await expect(pending).rejects.toMatchObject({ name: 'PeerGone', reason: { kind: 'closed' } });
  });

  test('a connection made over a transport that has ended rejects its calls', async () => {
    const link = owned.add(await open());
    link.a.close();
    await expect(connect<object, Calculator>(link.a, {}).calls.add(1, 1)).rejects.toBeInstanceOf(PeerGone);
  });

  test('a message that is neither call nor answer closes the transport as garbage', async () => {
    for (const garbage of [null, 7, 'text', [], {}, { t: 'q' }, { t: 'q', m: 'add', a: 3 }, { t: 'q', m: 'add', a: [], i: 4 }, { t: 's' }, { t: 's', i: '1', e: 'text' }]) {
      const { link } = await pair();
      const reason = new Promise((resolve) => link.b.onClose(resolve));
      link.a.post(garbage);
      expect(await reason).toMatchObject({ kind: 'garbage' });
    }
  });

  test('a one-way message that is not what it has to be closes the transport, and it alone', async () => {
    const link = owned.add(await open());
    const source = connect<EventSourceApi, object>(link.a, { acknowledge: (receipt) => void parseReceipt(receipt) });
    const consumer = connect<object, EventSourceApi>(link.b, {});
    const reason = new Promise((resolve) => source.transport.onClose(resolve));
    consumer.send.acknowledge({ channel: 'metrics', number: 1 });
    consumer.send.acknowledge({ channel: 'metrics', number: 'one' });
    expect(await reason).toMatchObject({ kind: 'garbage', detail: expect.stringContaining('number') as string });
  });

  test('an answer to a call that was never made is ignored', async () => {
    const { link, near } = await pair();
    link.b.post({ t: 's', i: 'nobody', r: 1 });
    expect(await near.calls.add(1, 2)).toBe(3);
  });

  test('a slow consumer gets the latest snapshot, every line of the metrics in order, and the end after them', async () => {
    const link = owned.add(await open());
    const peer = connect<EventSourceApi, EventListenerApi>(link.a, { acknowledge: (receipt) => sender.acknowledge(receipt) });
    const sender = owned.add(new TrainerEventSender(peer.send));
    const events: TrainerEvent[] = [];
    const receiver: EventReceiver<TrainerEvent> = new EventReceiver(trainerEvent, () => back.send);
    const back = connect<EventListenerApi, EventSourceApi>(link.b, receiver.handlers);
    const steps = 500;
    const finished = new Promise<void>((resolve) => receiver.listen(async (event) => {
      events.push(event);
      if (event.kind === 'finished') resolve();
      if (event.kind === 'snapshot' || event.kind === 'metrics') await new Promise((wait) => setTimeout(wait, 30));
    }));
    for (let step = 1; step <= steps; step++) {
      const line: Metrics = { kind: 'step', step, epoch: 1, loss: { elbo: -1, reconstruction: 1, kl: 0 }, gradientNorm: 1, applied: true, beta: 1, rate: 1 };
      sender.send({ kind: 'metrics', cursor: step, lines: [line] });
      sender.send({ kind: 'snapshot', step, weights: new Uint8Array(1000).fill(step) });
      sender.send({ kind: 'means', step, items: Uint32Array.of(step % 10), means: Float32Array.of(step, -step) });
      if (step % 100 === 0) await new Promise((wait) => setTimeout(wait, 60));
    }
    sender.send({ kind: 'finished', state: 'finished', step: steps, last: null });
    await finished;
    const lines = events.flatMap((event) => (event.kind === 'metrics' ? event.lines : []));
    expect(lines.map((line) => line.step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(events.filter((event) => event.kind === 'metrics').length).toBeLessThan(20);
    expect(events.findIndex((event) => event.kind === 'finished')).toBeGreaterThan(events.findLastIndex((event) => event.kind === 'metrics'));
    await expect.poll(() => events.findLast((event) => event.kind === 'snapshot')?.step, patience).toBe(steps);
    expect(events.filter((event) => event.kind === 'snapshot').length).toBeLessThan(steps / 4);
    // Of each item, the last mean arrives.
    const latest = new Map<number, number>();
    await expect.poll(() => {
      for (const event of events) if (event.kind === 'means') event.items.forEach((item, row) => latest.set(item, event.means[2 * row]!));
      return [...latest.values()].sort((a, b) => a - b);
    }, patience).toEqual(Array.from({ length: 10 }, (_, i) => steps - 9 + i));
  });
});
