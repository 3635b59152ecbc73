import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameChannel } from './FrameChannel.js';

test('one frame is in flight, and the latest follows when its number comes back', () => {
  const sent: [number, string][] = [];
  const channel = new FrameChannel<string>((number, frame) => sent.push([number, frame]));
  for (const frame of ['a', 'b', 'c']) channel.offer(frame);
  expect(sent).toEqual([[1, 'a']]);
  channel.acknowledge(7);
  expect(sent).toHaveLength(1);
  channel.acknowledge(1);
  expect(sent).toEqual([[1, 'a'], [2, 'c']]);
  channel.acknowledge(1);
  channel.acknowledge(2);
  channel.acknowledge(2);
  expect(sent).toHaveLength(2);
  channel.offer('d');
  expect(sent.at(-1)).toEqual([3, 'd']);
});

test('frames that wait are merged in the order in which they were offered', () => {
  const sent: string[] = [];
  const channel = new FrameChannel<string>((_, frame) => sent.push(frame), (waiting, newer) => waiting + newer);
  for (const frame of ['a', 'b', 'c', 'd']) channel.offer(frame);
  channel.acknowledge(1);
  expect(sent).toEqual(['a', 'bcd']);
});

test('whatever the pace of the consumer, it never goes back in time and ends with the last frame', () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (turns) => {
    const sent: [number, number][] = [];
    let inFlight = 0;
    const channel = new FrameChannel<number>((number, frame) => {
      sent.push([number, frame]);
      expect(++inFlight).toBe(1);
    });
    const acknowledge = (): void => {
      if (inFlight === 0) return;
      inFlight = 0;
      channel.acknowledge(sent.at(-1)![0]);
    };
    let last = 0;
    for (const offered of turns) {
      if (offered) channel.offer(++last);
      else acknowledge();
    }
    acknowledge();
    acknowledge();
    if (last > 0) expect(sent.at(-1)![1]).toBe(last);
    expect(sent.map(([, frame]) => frame)).toEqual(sent.map(([, frame]) => frame).toSorted((a, b) => a - b));
  }), { seed: 11 });
});
