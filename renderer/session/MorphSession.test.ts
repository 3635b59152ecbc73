import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { End, LatentEnd } from './ends.js';
import { History } from './History.svelte.js';
import { MorphSession } from './MorphSession.svelte.js';
import { Notices } from './Notices.svelte.js';
import { exploredGateway, meanOf, settled } from './testing/exploredGateway.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function bench(): ReturnType<typeof exploredGateway> & { history: History; morph: MorphSession } {
  const explored = exploredGateway();
  const history = new History();
  const morph = new MorphSession(explored.gateway, new Notices(), history, 'run');
  morph.renew();
  return { ...explored, history, morph };
}

const item = (item: number): End => ({ kind: 'item', item });
const generated = (...numbers: number[]): LatentEnd => ({ kind: 'latent', latent: Float32Array.from(numbers), origin: { kind: 'generated', number: 13 } });
const bytesOf = (latent: Float32Array): Uint8Array => new Uint8Array(latent.slice().buffer);

test('the path begins at the mean of A and ends at that of B, bit by bit', async () => {
  const { morph } = bench();
  morph.setEnds(item(3), item(7));
  await settled();
  expect(morph.image).toEqual({ bytes: bytesOf(meanOf(3)), t: 0 });
  morph.scrub(1);
  await settled();
  expect(morph.image).toEqual({ bytes: bytesOf(meanOf(7)), t: 1 });
  expect(morph.latentAtT).toEqual(meanOf(7));
});

test('there is a morph only while both ends are there', async () => {
  const { morph, calls } = bench();
  morph.setA(item(3));
  await settled();
  expect(calls).toEqual([]);
  morph.setB(item(7));
  await settled();
  expect(morph.morph!.count).toBe(9);
  morph.setA(null);
  expect(morph.morph).toBe(null);
  expect(morph.image).toBe(null);
});

test('a latent that belongs to no item is an end as it is, and has a picture also while it is alone', async () => {
  const { morph, calls } = bench();
  const end = generated(5, 6);
  expect(morph.imageOf(end.latent)).toBe(null);
  morph.setA(end);
  await settled();
  expect(morph.imageOf(end.latent)).toEqual(bytesOf(end.latent));
  expect(morph.morph).toBe(null);
  morph.setB(item(7));
  await settled();
  expect(calls).toContain('morph (5 6) 7 9 lerp');
  expect(morph.image).toEqual({ bytes: bytesOf(end.latent), t: 0 });
});

test('two ends that are no items are decoded in one call, and anew with newer weights', async () => {
  const { morph, calls, weights } = bench();
  const [first, last] = [generated(1, 2), generated(3, 4)];
  morph.setEnds(first, last);
  await settled();
  vi.advanceTimersByTime(2000);
  calls.length = 0;
  weights.step = 2;
  morph.renew();
  await settled();
  expect(calls).toContain('decode 1 2 3 4');
  expect(morph.imageOf(last.latent)).toEqual(bytesOf(last.latent));
});

test('swapping, taking back and doing again know ends that are no items', async () => {
  const { morph, history } = bench();
  const end = generated(5, 6);
  morph.setEnds(end, item(7));
  morph.setA(end);
  morph.scrub(0.25);
  await settled();
  morph.swap();
  expect([morph.a, morph.b, morph.t]).toEqual([item(7), end, 0.75]);
  history.undo();
  expect([morph.a, morph.b, morph.t]).toEqual([end, item(7), 0.25]);
  history.undo();
  expect([morph.a, morph.b, history.canUndo]).toEqual([null, null, false]);
  history.redo();
  expect(morph.a).toBe(end);
});

test('of many moves of the slider the last is decoded', async () => {
  const { morph, calls } = bench();
  morph.setEnds(item(0), item(10));
  await settled();
  calls.length = 0;
  for (let i = 1; i <= 100; i++) morph.scrub(i / 100);
  await settled();
  expect(calls).toEqual(['decode 0.10000000149011612 -0.10000000149011612', 'decode 10 -10']);
});

test('swapping turns the slider round, so that its image stays; undoing turns it back', async () => {
  const { morph, history } = bench();
  morph.setEnds(item(3), item(7));
  morph.scrub(0.25);
  await settled();
  const before = morph.image!.bytes;
  morph.swap();
  await settled();
  expect([morph.a, morph.b, morph.t]).toEqual([item(7), item(3), 0.75]);
  expect(morph.image!.bytes).toEqual(before);
  history.undo();
  expect([morph.a, morph.b, morph.t]).toEqual([item(3), item(7), 0.25]);
});

test('ends and path can be taken back one by one; setting what is set already is nothing to take back', async () => {
  const { morph, history } = bench();
  morph.setA(item(3));
  morph.setA(item(3));
  morph.setB(item(7));
  morph.setPath('slerp');
  history.undo();
  expect(morph.path).toBe('lerp');
  history.undo();
  expect(morph.b).toBe(null);
  history.undo();
  expect([morph.a, history.canUndo]).toEqual([null, false]);
});

test('the frames are an odd number of as many as are wanted and fit', async () => {
  const { morph, calls } = bench();
  morph.setEnds(item(3), item(7));
  await settled();
  morph.setRoom(8);
  expect(morph.frames).toBe(7);
  morph.setFrames(5);
  expect(morph.frames).toBe(5);
  morph.setRoom(30);
  morph.setFrames(21);
  await settled();
  expect(calls.filter((call) => call.startsWith('morph')).at(-1)).toBe('morph 3 7 21 lerp');
  expect(morph.morph!.count).toBe(21);
});

test('frames with few training images near them are named, counted from 1', async () => {
  const { morph } = bench();
  morph.setEnds(item(3), item(7));
  await settled();
  expect(morph.thinFrames).toEqual([1, 2]);
});

test('newer weights make the morph anew, once a second at most and not while the slider is held', async () => {
  const { morph, calls, weights } = bench();
  morph.setEnds(item(3), item(7));
  await settled();
  vi.advanceTimersByTime(2000);
  calls.length = 0;
  morph.hold();
  weights.step = 2;
  for (let i = 0; i < 5; i++) morph.renew();
  vi.advanceTimersByTime(5000);
  expect(calls).toEqual([]);
  morph.release();
  await settled();
  expect(calls.filter((call) => call.startsWith('morph'))).toHaveLength(1);
  expect(morph.morph!.weightsStep).toBe(2);
});

test('playing needs a morph and ends when the slider is taken', async () => {
  const { morph } = bench();
  morph.play();
  expect(morph.isPlaying).toBe(false);
  morph.setEnds(item(3), item(7));
  await settled();
  morph.play();
  morph.advance(2000);
  expect(morph.t).toBeCloseTo(0.5, 9);
  morph.scrub(0.1);
  expect(morph.isPlaying).toBe(false);
});
