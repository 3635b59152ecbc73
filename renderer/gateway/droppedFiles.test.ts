import { expect, test } from 'vitest';
import { filesIn } from './droppedFiles.js';

/** A tree as a browser shows it: folders list at most `portion` entries at a time. */
type Tree = { readonly [name: string]: Tree | string };

function entryOf(name: string, content: Tree | string, path: string, portion: number): FileSystemEntry {
  const fullPath = `${path}/${name}`;
  if (typeof content === 'string') {
    return { name, fullPath, isFile: true, isDirectory: false, file: (resolve: (file: File) => void) => resolve(new File([content], name)) } as unknown as FileSystemEntry;
  }
  const children = Object.entries(content).map(([child, inner]) => entryOf(child, inner, fullPath, portion));
  const createReader = () => {
    let at = 0;
    return { readEntries: (resolve: (entries: FileSystemEntry[]) => void) => resolve(children.slice(at, (at += portion))) };
  };
  return { name, fullPath, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

const listed = async (tree: Tree, portion = 2): Promise<Record<string, string>> => {
  const found: [string, string][] = [];
  for await (const files of filesIn(Object.entries(tree).map(([name, content]) => entryOf(name, content, '', portion)))) {
    for (const { name, file } of files) found.push([name, await file.text()]);
  }
  return Object.fromEntries(found);
};

test('files have the names of the folders that they lie in, however deep and however many portions a folder comes in', async () => {
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`${i}.png`, `n${i}`]));
  const found = await listed({ digits: { 3: many, 4: { deep: { er: { 'x.png': 'x' } } }, empty: {} }, 'lonely.png': 'l' });
  expect(found).toEqual({
    'lonely.png': 'l',
    'digits/4/deep/er/x.png': 'x',
    ...Object.fromEntries(Object.entries(many).map(([name, text]) => [`digits/3/${name}`, text])),
  });
});

test('hidden files and folders are left out', async () => {
  expect(await listed({ '.DS_Store': 'd', a: { '.git': { 'x.png': 'x' }, '._a.png': 'r', 'a.png': 'a' } })).toEqual({ 'a/a.png': 'a' });
});

test('a file that cannot be read rejects', async () => {
  const gone = { name: 'a.png', fullPath: '/a.png', isFile: true, isDirectory: false, file: (_: unknown, reject: (error: Error) => void) => reject(new Error('gone')) };
  await expect(filesIn([gone as unknown as FileSystemEntry]).next()).rejects.toThrow('gone');
});
