import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DropNames } from './DropNames.js';

const root = resolve('/drops', '1');
const placed = (names: readonly string[]): string[] => {
  const all = new DropNames(root);
  return names.map((name) => all.place(name).path.slice(root.length + 1).replaceAll(sep, '/'));
};

test('plain names stay as they are, folders are shared, and the outermost are told once', () => {
  const names = new DropNames(root);
  const files = ['digits/3/0412.png', 'digits/3/0413.png', 'digits/4/0001.png', 'lonely.jpeg', 'Übung/图片 1.png'];
  expect(files.map((name) => names.place(name).path)).toEqual(files.map((name) => join(root, ...name.split('/'))));
  expect(names.place('digits/3/x.png').folder).toBe(join(root, 'digits', '3'));
  expect(names.outermost).toEqual(['digits', 'lonely.jpeg', 'Übung'].map((name) => join(root, name)));
});

test.each([
  [['../../etc/passwd', '/etc/passwd'], ['images/images/etc/passwd', 'etc/passwd']],
  [['a/../b.png', 'a/./b.png'], ['a/images/b.png', 'a/images (2)/b.png']],
  [['', '/', '//'], ['images', 'images (2)', 'images (3)']],
  [['a.png', 'A.PNG', 'a.png'], ['a.png', 'A (2).PNG', 'a (3).png']],
  [['a (2).png', 'a.png', 'a.png'], ['a (2).png', 'a.png', 'a (3).png']],
  [['a', 'a/b.png'], ['a', 'a (2)/b.png']],
  [['e\u0301.png', '\u00e9.png'], ['\u00e9.png', '\u00e9 (2).png']],
  [['NUL', 'com1.png', 'console.png', 'nul.tar.gz'], ['_NUL', '_com1.png', 'console.png', '_nul.tar.gz']],
  [['C:\\x\\y.png', 'a\u0000b?.png', '\ud800.png', 'end. '], ['C x y.png', 'a b.png', 'images.png', 'end']],
  [[`${'f/'.repeat(30)}x.png`], [`${'f/'.repeat(16)}x.png`]],
  [[`${'图'.repeat(200)}.png`], [`${'图'.repeat(40)}.png`]],
])('%j become %j', (names, paths) => expect(placed(names)).toEqual(paths));

test('whatever they are called, files lie inside, apart from each other and from every folder', () => {
  const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('..', '.', 'a', 'A', 'a (2)', 'a (2).png', 'a.png', 'nul', ' ', '\\', '图'.repeat(90), `${'é'.repeat(90)}.png`));
  const name = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(fc.property(fc.array(name, { maxLength: 40 }), (files) => {
    const names = new DropNames(root);
    const places = files.map((file) => names.place(file));
    const keys = places.map(({ path }) => path.toUpperCase().normalize('NFC'));
    const folders = new Set(places.map(({ folder }) => folder.toUpperCase().normalize('NFC')));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.find((each) => folders.has(each))).toBeUndefined();
    expect(places.find(({ path }) => !path.startsWith(root + sep) || resolve(path) !== path)).toBeUndefined();
    const parts = places.flatMap(({ path }) => path.slice(root.length + 1).split(sep));
    expect(parts.find((each) => Buffer.byteLength(each) > 140 || !/^[^\p{Cc}<>:"|?*\\/]*[^\p{Cc}<>:"|?*\\/. ]$/u.test(each))).toBeUndefined();
  }), { seed: 3, numRuns: 60 });
});
