import { expect, test } from 'vitest';
import { remedied } from './commandLine.js';
import { program } from './help.js';

test('what a failure recommends takes the place of what was asked for, wherever and however that stood', () => {
  const line = (...words: string[]) => remedied(words, { batch: 64 }).slice(program.length + 1);
  expect(line('train', '--out', 'A')).toBe('train --out A --batch 64');
  expect(line('train', '--batch', '128', '--out', 'A')).toBe('train --batch 64 --out A');
  expect(line('train', '--batch=128', '--out', 'my images')).toBe("train --batch 64 --out 'my images'");
});
