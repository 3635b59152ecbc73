import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failure } from '../../shared/failure.js';
import { err } from '../../shared/result.js';
import type { LatentEnd } from './ends.js';
import { History } from './History.svelte.js';
import { InspectorSession } from './InspectorSession.svelte.js';
import { Notices } from './Notices.svelte.js';
import { Selection } from './Selection.svelte.js';
import { exploredGateway, meanOf, settled } from './testing/exploredGateway.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An inspector wired to a selection as in a run. */
function inspected(): ReturnType<typeof exploredGateway> & { notices: Notices; history: History; selection: Selection; inspector: InspectorSession } {
  const explored = exploredGateway();
  const notices = new Notices();
  const history = new History();
  const selection = new Selection((item) => inspector.show(item));
  const inspector = new InspectorSession(explored.gateway, notices, history, 'run', (item) => selection.select(item));
  return { ...explored, notices, history, selection, inspector };
}

const placeAt = (...numbers: number[]): LatentEnd => ({ kind: 'latent', latent: Float32Array.from(numbers), origin: { kind: 'place' } });
const bytesOf = (latent: Float32Array): Uint8Array => new Uint8Array(latent.slice().buffer);

test('nothing is asked before the first weights; with them the selected item is encoded', async () => {
  const { selection, inspector, calls } = inspected();
  selection.select(3);
  await settled();
  expect(calls).toEqual([]);
  inspector.renew();
  await settled();
  expect(calls).toEqual(['encode 3', 'neighbours 3 -3']);
  expect(inspector.latent).toEqual(meanOf(3));
  expect(inspector.image).toEqual(bytesOf(meanOf(3)));
});

test('the neighbours are the nearest other items, nearest first', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  expect(inspector.neighbours!.map(({ item }) => item)).toEqual([2, 4, 1, 5, 0, 6]);
});

test('going to the next neighbour does not go back and forth between two', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(0);
  const visited: (number | null)[] = [];
  for (let i = 0; i < 5; i++) {
    await settled();
    inspector.selectNextNeighbour();
    visited.push(selection.item);
  }
  expect(visited).toEqual([1, 2, 3, 4, 5]);
});

test('a moved dimension is decoded and stays put under newer weights; the others follow the encoding', async () => {
  const { selection, inspector, calls, gateway } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  inspector.edit(1, 7);
  inspector.commit();
  await settled();
  expect(inspector.image).toEqual(bytesOf(Float32Array.of(3, 7)));

  const encode = gateway.studio.encode;
  gateway.studio.encode = async (dir, ref) => {
    const answer = await encode(dir, ref);
    return answer.ok ? { ok: true, value: { ...answer.value, mean: Float32Array.of(30, -30) } } : answer;
  };
  calls.length = 0;
  inspector.renew();
  vi.advanceTimersByTime(1000);
  await settled();
  expect(inspector.latent).toEqual(Float32Array.of(30, 7));
  expect(calls).toContain('decode 30 7');
});

test('no newer weights are looked at while a slider is being moved', async () => {
  const { selection, inspector, calls } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  vi.advanceTimersByTime(5000);
  inspector.edit(0, 1);
  calls.length = 0;
  inspector.renew();
  vi.advanceTimersByTime(5000);
  expect(calls.filter((call) => call.startsWith('encode'))).toEqual([]);
  inspector.commit();
  expect(calls).toContain('encode 3');
});

test('a whole movement is one thing to undo, and undoing shows its item again', async () => {
  const { selection, inspector, history } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  for (const value of [0.5, 1, 1.5]) inspector.edit(0, value);
  inspector.commit();
  selection.select(5);
  await settled();
  expect(inspector.isEdited).toBe(false);
  history.undo();
  await settled();
  expect(selection.item).toBe(3);
  expect(inspector.latent).toEqual(meanOf(3));
  expect(history.canUndo).toBe(false);
  history.redo();
  await settled();
  expect(inspector.latent).toEqual(Float32Array.of(1.5, -3));
  expect(inspector.image).toEqual(bytesOf(Float32Array.of(1.5, -3)));
});

test('resetting returns to the encoded latent and its reconstruction', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  inspector.edit(0, 9);
  inspector.edit(1, 9);
  inspector.commit();
  inspector.resetDimension(0);
  await settled();
  expect(inspector.latent).toEqual(Float32Array.of(3, 9));
  inspector.reset();
  await settled();
  expect(inspector.isEdited).toBe(false);
  expect(inspector.image).toEqual(bytesOf(meanOf(3)));
});

test('an answer about an item that is not inspected any more changes nothing', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(3);
  selection.select(4);
  await settled();
  expect(inspector.latent).toEqual(meanOf(4));
  selection.select(5);
  selection.select(null);
  await settled();
  expect(inspector.latent).toBe(null);
  expect(inspector.image).toBe(null);
});

test('a place is decoded until the item, still selected, is chosen again', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  inspector.showPlace(placeAt(8, 8));
  await settled();
  expect(inspector.item).toBe(null);
  expect(inspector.image).toEqual(bytesOf(Float32Array.of(8, 8)));
  expect(selection.item).toBe(3);
  selection.select(3);
  await settled();
  expect(inspector.latent).toEqual(meanOf(3));
});

test('what is inspected can be an end of a morph: an item, a place, or a latent as it was edited', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  expect(inspector.end).toBe(null);
  selection.select(3);
  await settled();
  expect(inspector.end).toEqual({ kind: 'item', item: 3 });
  inspector.edit(1, 7);
  inspector.commit();
  expect(inspector.end).toEqual({ kind: 'latent', latent: Float32Array.of(3, 7), origin: { kind: 'edited', item: 3 } });
  const place = placeAt(8, 8);
  inspector.showPlace(place);
  expect(inspector.end).toBe(place);
  inspector.edit(0, 1);
  expect(inspector.end).toEqual(placeAt(1, 8));
});

test('how typical a latent is does not have to be waited for once its slider is let go', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  selection.select(3);
  await settled();
  for (const value of [1, 3]) {
    inspector.edit(0, value);
    await settled();
    expect(inspector.typicality).toBe(undefined);
    inspector.commit();
    await settled();
    expect(inspector.typicality).toBe(1 / (1 + value));
  }
  inspector.showPlace(placeAt(8, 8));
  await settled();
  expect(inspector.typicality).toBeCloseTo(1 / 9, 6);
});

test('edits that are taken up are of the item, whenever its encoding comes, and nothing to take back', async () => {
  const { selection, inspector, history } = inspected();
  selection.select(3);
  inspector.takeUp(null, new Map([[1, 7]]));
  inspector.renew();
  await settled();
  expect(inspector.latent).toEqual(Float32Array.of(3, 7));
  expect(inspector.image).toEqual(bytesOf(Float32Array.of(3, 7)));
  expect(history.canUndo).toBe(false);
  inspector.takeUp(placeAt(8, 8), new Map([[0, 2]]));
  await settled();
  expect(inspector.image).toEqual(bytesOf(Float32Array.of(2, 8)));
});

test('a failure stands in the region until something works again', async () => {
  const { selection, inspector, notices, gateway } = inspected();
  inspector.renew();
  const encode = gateway.studio.encode;
  gateway.studio.encode = async () => err(failure('crashed', 'Gone.'));
  selection.select(3);
  await settled();
  expect(notices.of('inspector')?.sentence.message).toBe('Gone.');
  gateway.studio.encode = encode;
  selection.select(4);
  await settled();
  expect(notices.of('inspector')).toBe(null);
});

test('the latent is copied with run, step and item', async () => {
  const { selection, inspector } = inspected();
  inspector.renew();
  expect(inspector.latentAsJson('runs/0001')).toBe(null);
  selection.select(3);
  await settled();
  expect(JSON.parse(inspector.latentAsJson('runs/0001')!)).toEqual({ run: 'runs/0001', step: 1, item: 3, latent: [3, -3] });
});

test('disposing leaves no timer', async () => {
  const { inspector } = inspected();
  inspector.renew();
  inspector.renew();
  inspector.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
