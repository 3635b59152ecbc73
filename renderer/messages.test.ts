import { describe, expect, it } from 'vitest';
import { catalogues } from '../shared/messages/catalogues.js';
import { en } from '../shared/messages/en/index.js';

/** Whatever may show texts: the window and the shells around it. */
const sources = Object.values(
  import.meta.glob<string>(['./**/*.{ts,svelte}', '../main/shells/**/*.ts', '!**/*.test.ts'], { query: '?raw', import: 'default', eager: true }),
);
/** Areas that are read by a name that comes from elsewhere: the compiler checks that each has exactly the names of its union. */
const byName: readonly string[] = ['commands', 'menus', 'failures', 'said'];
/** Whatever may say what the studio says. */
const sayers = Object.values(
  import.meta.glob<string>(['./**/*.{ts,svelte}', '../main/**/*.ts', '../shared/**/*.ts', '!**/*.test.ts'], { query: '?raw', import: 'default', eager: true }),
).join('\n');
/** Keys that are put together from two parts: in importDataset.ts, lock.ts and ManagedProcess.ts. */
const variants = /^datasets\.(no|one)Image(Because|Of)$|^projects\.(open|installing)(Elsewhere|OnHost)$|^processes\.(signal|status)(After)?$/;

/** A text and the way to it: "frame.regions.left". */
type Leaf = readonly [path: string, text: unknown];

function leaves(node: object, path = ''): readonly Leaf[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]): readonly Leaf[] => {
    const below = path === '' ? name : `${path}.${name}`;
    return typeof value === 'object' && value !== null ? leaves(value, below) : [[below, value]];
  });
}

/** What a text says, without what is put into it. */
function words(text: unknown): string {
  if (typeof text === 'string') return text;
  const literals = String(text).match(/`[^`]*`|'[^']*'|"[^"]*"/g) ?? [];
  return literals.join(' ').replace(/\$\{[^}]*\}/g, ' ');
}

describe('texts', () => {
  it('are all shown somewhere', () => {
    const unused = Object.entries(en)
      .filter(([area]) => !byName.includes(area))
      .flatMap(([area, texts]) => {
        // As a member, or taken out of the object by its name.
        const names = (name: string): RegExp => new RegExp(`[.{,']\\s*${name}\\b`);
        const near = sources.filter((source) => names(area).test(source)).join('\n');
        return Object.keys(texts).filter((key) => !names(key).test(near)).map((key) => `${area}.${key}`);
      });
    expect(unused).toEqual([]);
  });

  it('of the studio are all said somewhere', () => {
    const keys = Object.entries(en.said).flatMap(([area, texts]) => Object.keys(texts).map((name) => `${area}.${name}`));
    expect(keys.filter((key) => !variants.test(key) && !sayers.includes(`'${key}'`))).toEqual([]);
  });

  it('are the same set in each language', () => {
    const paths = leaves(en).map(([path]) => path);
    for (const catalogue of Object.values(catalogues)) expect(leaves(catalogue).map(([path]) => path).sort()).toEqual([...paths].sort());
  });

  it('that have words in English have Chinese ones in Chinese', () => {
    const chinese = new Map(leaves(catalogues['zh-CN']));
    // Keys are labelled alike on every keyboard.
    const untranslated = leaves(en).filter(([path]) => !path.startsWith('frame.cloudKeys')).filter(([path, text]) => /[a-z]{4}/.test(words(text)) && !/\p{Script=Han}/u.test(words(chinese.get(path)))).map(([path]) => path);
    // Names that are the same everywhere.
    const names = ['preflight.beta', 'desktop.name', 'native.executors.onnx', 'native.executors.tensorflow'];
    expect(untranslated.filter((path) => !names.includes(path))).toEqual([]);
  });
});
