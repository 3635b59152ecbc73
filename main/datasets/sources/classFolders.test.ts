import { expect, test } from 'vitest';
import { readClassFolders } from './classFolders.js';

test('folders side by side are classes, and images beside them have none', () => {
  expect(readClassFolders(['cats/1.png', 'dogs/2.png', '3.png'])).toEqual({ classes: ['cats', 'dogs', null], heldOut: null });
});

test('one folder alone is no class', () => {
  expect(readClassFolders(['cats/1.png', '2.png']).classes).toEqual([null, null]);
  expect(readClassFolders(['cats/1.png', 'cats/2.png']).classes).toEqual([null, null]);
});

test('folders that all images share are stripped first', () => {
  expect(readClassFolders(['photos/2026/cats/1.png', 'photos/2026/dogs/2.png']).classes).toEqual(['cats', 'dogs']);
});

test('deeper folders only sort the images of a class', () => {
  expect(readClassFolders(['cats/old/1.png', 'cats/2.png', 'dogs/3.png']).classes).toEqual(['cats', 'cats', 'dogs']);
});

test('a training part beside a test part is a split, with the classes below', () => {
  expect(readClassFolders(['train/cats/1.png', 'Train/dogs/2.png', 'test/cats/3.png', 'val/dogs/4.png'])).toEqual({
    classes: ['cats', 'dogs', 'cats', 'dogs'],
    heldOut: [false, false, true, true],
  });
});

test('folders that merely sound like a split, or lie beside others, are classes', () => {
  expect(readClassFolders(['train/1.png', 'plane/2.png'])).toEqual({ classes: ['train', 'plane'], heldOut: null });
  expect(readClassFolders(['test/1.png', 'val/2.png'])).toEqual({ classes: ['test', 'val'], heldOut: null });
  expect(readClassFolders(['train/1.png', 'test/2.png', '3.png']).heldOut).toBeNull();
});

test('no images, no classes', () => {
  expect(readClassFolders([])).toEqual({ classes: [], heldOut: null });
});
