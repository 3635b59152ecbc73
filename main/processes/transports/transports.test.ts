import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { arrayKinds } from '../../../shared/contract/exactArrays.js';
import type { CloseReason, Transport } from '../../../shared/contract/transport.js';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { links } from '../testSupport/links.js';
import type { Link } from '../testSupport/links.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

const owned = new DisposableStore();
let current: DisposableStore = owned;
afterEach(() => current.dispose());

function openOf(open: () => Promise<Link>): () => Promise<Link> {
  return async () => {
    current = new DisposableStore();
    return current.add(await open());
  };
}

/** The next `count` messages. */
function receive(transport: Transport, count: number): Promise<unknown[]> {
  const messages: unknown[] = [];
  return new Promise((resolve) => transport.onMessage((message) => {
    if (messages.push(message) === count) resolve(messages);
  }));
}

function closed(transport: Transport): Promise<CloseReason> {
  return new Promise((resolve) => transport.onClose(resolve));
}

describe.each(links)('$name', ({ open: openLink }) => {
  const open = openOf(openLink);

  test('every plain value arrives as it was posted, in order', async () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown);
    const values = fc.sample(value, { seed: 5, numRuns: 200 });
    const { a, b } = await open();
    const received = receive(b, values.length);
    for (const each of values) a.post(each);
    expect(await received).toEqual(values);
  });

  test('typed arrays of every kind arrive exactly, large and as views, each with a buffer of its own', async () => {
    const { a, b } = await open();
    const sent = arrayKinds.map((Kind) => {
      const array = new Kind(200_001);
      new Uint8Array(array.buffer).forEach((_, i, bytes) => (bytes[i] = i * 7 + (i >> 8)));
      return array;
    });
    const views = sent.map((array) => array.subarray(1, 4));
    const received = receive(b, 1);
    a.post({ sent, views });
    const copies = sent.map((array) => new Uint8Array(array.buffer.slice(0)));
    // Posting copies: what happens to the array afterwards is no news.
    for (const array of sent) new Uint8Array(array.buffer).fill(0);
    const [message] = (await received) as [{ sent: typeof sent; views: typeof views }];
    for (const [i, array] of message.sent.entries()) {
      expect(array.constructor).toBe(arrayKinds[i]);
      expect(Buffer.compare(Buffer.from(array.buffer), copies[i]!)).toBe(0);
    }
    for (const [i, view] of message.views.entries()) {
      expect(view.constructor).toBe(arrayKinds[i]);
      expect([view.length, view.buffer.byteLength]).toEqual([3, 3 * view.BYTES_PER_ELEMENT]);
    }
  });

  test('a pooled Buffer arrives as its own bytes alone', async () => {
    const { a, b } = await open();
    const received = receive(b, 1);
    a.post(Buffer.from('abc'));
    const [bytes] = (await received) as [Uint8Array];
    expect(bytes.constructor).toBe(Uint8Array);
    expect([...bytes]).toEqual([97, 98, 99]);
    expect(bytes.buffer.byteLength).toBe(3);
  });

  test('order is kept between small and large messages, in both directions at once', async () => {
    const { a, b } = await open();
    const count = 300;
    const [atA, atB] = [receive(a, count), receive(b, count)];
    for (let i = 0; i < count; i++) {
      const weight = new Uint8Array(i % 7 === 0 ? 50_000 : 3);
      a.post({ i, weight });
      b.post({ i, weight });
    }
    for (const messages of [await atA, await atB]) {
      expect(messages.map((message) => (message as { i: number }).i)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });

  test('messages that come before there is a listener are kept for it', async () => {
    const { a, b } = await open();
    const answered = receive(b, 1);
    b.post('first');
    b.post('second');
    a.post('x');
    await answered;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await receive(a, 2)).toEqual(['first', 'second']);
    expect(() => a.onMessage(() => undefined)).toThrow('one message listener');
  });

  test('what was posted before close arrives, then the end: gone there, closed here, once each', async () => {
    const { a, b } = await open();
    const log: unknown[] = [];
    b.onMessage((message) => log.push(typeof message === 'string' ? message : 'large'));
    const gone = closed(b);
    b.onClose((reason) => log.push(reason.kind));
    const here: CloseReason[] = [];
    a.onClose((reason) => here.push(reason));
    a.post(new Uint8Array(5_000_000));
    a.post('last');
    a.close();
    a.close();
    expect(here).toEqual([{ kind: 'closed' }]);
    expect(await gone).toEqual({ kind: 'gone' });
    b.close();
    expect(log).toEqual(['large', 'last', 'gone']);
    // A late listener hears of the end at once.
    a.onClose((reason) => here.push(reason));
    expect(here).toHaveLength(2);
  });

  test('posting on a closed transport does nothing', async () => {
    const { a, b } = await open();
    a.close();
    expect(() => a.post('too late')).not.toThrow();
    await closed(b);
    expect(() => b.post('too late')).not.toThrow();
  });

  test('both ends may close at once', async () => {
    const { a, b } = await open();
    a.close();
    b.close();
    expect([await closed(a), await closed(b)]).toEqual([{ kind: 'closed' }, { kind: 'closed' }]);
  });

  test('a peer that dies is noticed, also while it is sent to', async () => {
    const { a, killB } = await open();
    const gone = closed(a);
    for (let i = 0; i < 20; i++) a.post(new Uint8Array(100_000));
    killB();
    for (let i = 0; i < 20; i++) a.post(new Uint8Array(100_000));
    expect(await gone).toEqual({ kind: 'gone' });
  });

  test('a value that is not plain is refused where it is posted, and the transport lives on', async () => {
    const { a, b } = await open();
    const received = receive(b, 1);
    expect(() => a.post({ f: () => 1 })).toThrow();
    a.post('after');
    expect(await received).toEqual(['after']);
  });

  test('nothing is queued for ever', async () => {
    const { a, b } = await open();
    const received = receive(b, 1);
    a.post(new Uint8Array(3_000_000));
    expect(a.queued).toBeGreaterThanOrEqual(0);
    await received;
    await expect.poll(() => a.queued, patience).toBe(0);
  });
});
