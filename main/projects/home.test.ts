import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeProjectPath, projectsHome, safeName } from './home.js';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'morphoscope-home-'))));
afterEach(() => rmSync(home, { recursive: true }));

test('the projects folder is where MORPHOSCOPE_HOME says, else in the home folder', () => {
  expect(projectsHome({ MORPHOSCOPE_HOME: '/data/spaces' })).toBe('/data/spaces');
  expect(projectsHome({ MORPHOSCOPE_HOME: '' })).toBe(join(homedir(), 'Morphoscope'));
});

test('the path of a new project is free: numbers follow where the name is taken', () => {
  expect(freeProjectPath(home, 'digits')).toBe(join(home, 'digits.morphoscope'));
  mkdirSync(join(home, 'digits.morphoscope'));
  mkdirSync(join(home, 'digits 2.morphoscope'));
  expect(freeProjectPath(home, 'digits')).toBe(join(home, 'digits 3.morphoscope'));
});

test('letters of all scripts stay, what no file system or one of them refuses goes', () => {
  expect(safeName('手写数字')).toBe('手写数字');
  expect(safeName('Été à la mer')).toBe('Été à la mer');
  expect(safeName('a/b\\c:d*e?"<f>|g\u0000h\n')).toBe('a b c d e f g h');
  expect(safeName('../..')).toBe('images');
  expect(safeName('.hidden.')).toBe('hidden');
  expect(safeName('con')).toBe('_con');
  expect(safeName('LPT1.old')).toBe('_LPT1.old');
  expect(safeName('console')).toBe('console');
});

test('whatever the name, a folder of it can be made in the projects folder, and the safe name of a safe name is itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const path = freeProjectPath(home, name);
      expect(join(path, '..')).toBe(home);
      mkdirSync(path);
      expect(safeName(safeName(name))).toBe(safeName(name));
      expect(Buffer.byteLength(safeName(name))).toBeLessThanOrEqual(121);
    }),
    { seed: 1 },
  );
});
