import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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

const bytesOf = (latent: Float32Array): Uint8Array => new Uint8Array(latent.slice().buffer);

test('the path begins at the mean of A and ends at that of B, bit by bit', async () => {
  const { morph } = bench();
  morph.setEnds(3, 7);
  await settled();
  expect(morph.image).toEqual({ bytes: bytesOf(meanOf(3)), t: 0 });
  morph.scrub(1);
  await settled();
  expect(morph.image).toEqual({ bytes: bytesOf(meanOf(7)), t: 1 });
  expect(morph.latentAtT).toEqual(meanOf(7));
});

test('there is a morph only while both ends are there', async () => {
  const { morph, calls } = bench();
  morph.setA(3);
  await settled();
  expect(calls).toEqual([]);
  morph.setB(7);
  await settled();
  expect(morph.morph!.count).toBe(9);
  morph.setA(null);
  expect(morph.morph).toBe(null);
  expect(morph.image).toBe(null);
});

test('of many moves of the slider the last is decoded', async () => {
  const { morph, calls } = bench();
  morph.setEnds(0, 10);
  await settled();
  calls.length = 0;
  for (let i = 1; i <= 100; i++) morph.scrub(i / 100);
  await settled();
  expect(calls).toEqual(['decode 0.10000000149011612 -0.10000000149011612', 'decode 10 -10']);
});

test('swapping turns the slider round, so that its image stays; undoing turns it back', async () => {
  const { morph, history } = bench();
  morph.setEnds(3, 7);
  morph.scrub(0.25);
  await settled();
  const before = morph.image!.bytes;
  morph.swap();
  await settled();
  expect([morph.a, morph.b, morph.t]).toEqual([7, 3, 0.75]);
  expect(morph.image!.bytes).toEqual(before);
  history.undo();
  expect([morph.a, morph.b, morph.t]).toEqual([3, 7, 0.25]);
});

test('ends and path can be taken back one by one; setting what is set already is nothing to take back', async () => {
  const { morph, history } = bench();
  morph.setA(3);
  morph.setA(3);
  morph.setB(7);
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
  morph.setEnds(3, 7);
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
  morph.setEnds(3, 7);
  await settled();
  expect(morph.thinFrames).toEqual([1, 2]);
});

test('newer weights make the morph anew, once a second at most and not while the slider is held', async () => {
  const { morph, calls, weights } = bench();
  morph.setEnds(3, 7);
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
  morph.setEnds(3, 7);
  await settled();
  morph.play();
  morph.advance(2000);
  expect(morph.t).toBeCloseTo(0.5, 9);
  morph.scrub(0.1);
  expect(morph.isPlaying).toBe(false);
});
