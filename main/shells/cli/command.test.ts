import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FailureError } from '../../../shared/failure.js';
import { command } from './command.js';
import { exitDone } from './exitStatus.js';
import { commandHelp, generalHelp } from './help.js';
import { nearest } from './nearest.js';
import { autoOr, choice, decimal, flag, integer, list, optional, required, text, usage, words } from './option.js';
import type { Shell } from './Shell.js';

const number = decimal('a number', () => true);
let received: unknown;
const sample = command({
  name: 'sample',
  summary: 'Does nothing.',
  options: {
    images: words('FILE...', 'many words'),
    latent: optional(integer(2, 64), 'a whole number'),
    size: optional(autoOr(integer(1, 256)), 'auto or a number'),
    hidden: optional(list(integer(1, Infinity), 'N,N', 'widths'), 'a list'),
    z: optional(list(number, 'X,X', 'numbers'), 'numbers that may be negative'),
    rate: optional(decimal('a number above 0', (value) => value > 0), 'a number'),
    path: optional(choice(['lerp', 'slerp']), 'a choice'),
    resume: flag('a flag'),
    out: required(text('DIR'), 'needed'),
  },
  check: ({ images, resume }) => {
    if (resume && images.length > 0) throw usage('Not both.');
  },
  run: (options) => {
    received = options;
    return Promise.resolve(exitDone);
  },
});

async function read(...line: string[]): Promise<unknown> {
  await sample.prepare(line)(null as unknown as Shell);
  return received;
}

function refusal(...line: string[]): string {
  try {
    sample.prepare(line);
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'usage') return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

const absent = {
  images: [], latent: undefined, size: undefined, hidden: undefined, z: undefined, rate: undefined, path: undefined, resume: false, json: false, help: false,
};

test('words become values, in any order, with = or without', async () => {
  expect(await read('--out', 'a b')).toEqual({ ...absent, out: 'a b' });
  expect(await read('--images', 'x', 'y', '--latent=8', '--images', '-z.png', '--json', '--out=o', '--hidden', '512, 256', '--size', 'auto')).toEqual({
    ...absent, images: ['x', 'y', '-z.png'], latent: 8, json: true, out: 'o', hidden: [512, 256], size: 'auto',
  });
  expect(await read('--out', 'o', '--resume', '--size', '28', '--rate', '1e-3', '--path', 'slerp')).toEqual({
    ...absent, out: 'o', resume: true, size: 28, rate: 0.001, path: 'slerp',
  });
});

test('numbers may be negative, also the first of a list', async () => {
  expect(await read('--out', 'o', '--z', '-1,.5,+2.,-3e-2')).toEqual({ ...absent, out: 'o', z: [-1, 0.5, 2, -0.03] });
});

test('what is wrong is said in one sentence that names it', () => {
  expect(refusal()).toBe('--out DIR is missing.');
  expect(refusal('--out')).toBe('--out needs a value: --out DIR.');
  expect(refusal('--out', '--latent', '2')).toBe('--out needs a value: --out DIR.');
  expect(refusal('--out', '')).toBe('--out must be a name, not "".');
  expect(refusal('--out', 'a', '--out', 'b')).toBe('--out was given twice.');
  expect(refusal('--out', 'a', 'b')).toBe('"b" belongs to no option of sample.');
  expect(refusal('--resume', 'yes', '--out', 'a')).toBe('"yes" belongs to no option of sample.');
  expect(refusal('--resume=yes', '--out', 'a')).toBe('--resume takes no value.');
  expect(refusal('--latnet', '2', '--out', 'a')).toBe('sample has no option --latnet; did you mean --latent?');
  expect(refusal('--colour', '2', '--out', 'a')).toBe('sample has no option --colour.');
  expect(refusal('-o', 'a')).toBe('sample has no option -o.');
  expect(refusal('--constructor', 'a')).toBe('sample has no option --constructor.');
  expect(refusal('--out', 'a', '--path', 'arc')).toBe('--path must be lerp or slerp, not "arc".');
  expect(refusal('--out', 'a', '--size', '0')).toBe('--size must be auto or a whole number from 1 to 256, not "0".');
  expect(refusal('--out', 'a', '--resume', '--images', 'x')).toBe('Not both.');
});

test('only whole decimal numbers within the range are whole numbers', () => {
  for (const word of ['1', '65', '2.5', '2e1', '0x10', ' 4', '', '-3', 'NaN', 'Infinity', '٣', '9'.repeat(400)]) {
    expect(refusal('--out', 'a', `--latent=${word}`)).toBe(`--latent must be a whole number from 2 to 64, not "${word}".`);
  }
});

test('only finite decimal numbers are numbers', () => {
  for (const word of ['0', '-1', '', '.', '1e', '1e999', '0x1', 'Infinity', 'NaN', '1,5']) {
    expect(refusal('--out', 'a', `--rate=${word}`)).toBe(`--rate must be a number above 0, not "${word}".`);
  }
});

test('any words are either taken or refused with a sentence', () => {
  const word = fc.oneof(fc.constantFrom('--out', '--images', '--latent', '--z', '--json', '--', '-', '--=', '-abc', '--out=x', '--no-json'), fc.string());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (line) => {
      try {
        sample.prepare(line);
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        expect(error.failure.code).toBe('usage');
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('the help of a command names every option with what it takes, in lines of a hundred', () => {
  const help = commandHelp(sample);
  for (const [name, { placeholder }] of Object.entries(sample.options)) expect(help).toContain(`--${name} ${placeholder}`.trim());
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  expect(generalHelp([sample])).toContain('sample    Does nothing.');
});

test('a mistyped word finds its neighbour within two edits, and nothing farther', () => {
  const names = ['train', 'import', 'embed', 'encode', 'decode', 'morph'];
  expect(nearest('tarin', names)).toBe('train');
  expect(nearest('rtani', names)).toBe('train');
  expect(nearest('Morf', names)).toBe('morph');
  expect(nearest('decoed', names)).toBe('decode');
  expect(nearest('serve', names)).toBeUndefined();
  expect(nearest('x', names)).toBeUndefined();
});
