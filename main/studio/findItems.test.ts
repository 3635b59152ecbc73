import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ItemIndex } from '../datasets/packedDataset.js';
import { findItems } from './findItems.js';

const classes = ['boots', 'été'];

function indexOf(items: readonly (readonly [id: string, label: number])[]): ItemIndex {
  return {
    ids: items.map(([id]) => id),
    labels: Int32Array.from(items, ([, label]) => label),
    heldOut: new Uint8Array(items.length),
    factors: {},
    find: () => undefined,
  };
}

const index = indexOf([
  ['boots/red-7.png', 0],
  ['boots/7up.png', 0],
  ['boots/27.png', 0],
  ['boots/7.png', 0],
  ['été/plage.jpg', 1],
  ['été/old boots.jpg', 1],
  ['été/reboots.jpg', 1],
  ['boots', -1],
]);
const found = (text: string, limit = 100): number[] => findItems(index, classes, text, limit).map(({ item }) => item);

test('the position comes first, then the whole name, its beginning, the beginning of a word, and anything', () => {
  expect(found('7')).toEqual([7, 3, 1, 0, 2]);
});

test('a class is found by its beginning, after the names that match better', () => {
  expect(found('boots').slice(0, 1)).toEqual([7]);
  expect(found('boots').slice(-1)).toEqual([6]);
  expect(found('ÉT')).toEqual([4, 5, 6]);
  expect(found('ete')).toEqual([4, 5, 6]);
});

test('nothing matches an empty text, and nothing what is nowhere', () => {
  expect(found('')).toEqual([]);
  expect(found('  ')).toEqual([]);
  expect(found('sandal')).toEqual([]);
});

test('a limit keeps the best', () => {
  fc.assert(
    fc.property(fc.constantFrom('7', 'boots', 'o', 'ete', 'jpg', 'boots/'), fc.integer({ min: 1, max: 10 }), (text, limit) => {
      expect(found(text, limit)).toEqual(found(text).slice(0, limit));
    }),
    { seed: 1 },
  );
});

test('each item is found once, under its own id', () => {
  for (const text of ['b', '7', 'e', 'jpg']) {
    const all = findItems(index, classes, text, 100);
    expect(new Set(all.map(({ item }) => item)).size).toBe(all.length);
    for (const { item, id } of all) expect(id).toBe(index.ids[item]);
  }
});
