import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowFile } from './windowFile.js';

const folder = resolve('/srv', 'window');

test('the root is the page, and a hashed file may be kept for ever', () => {
  expect(windowFile(folder, '/')).toEqual({ path: join(folder, 'index.html'), type: 'text/html; charset=utf-8', immutable: false });
  expect(windowFile(folder + sep, '/assets/index-4f2a.js')).toMatchObject({ path: join(folder, 'assets', 'index-4f2a.js'), immutable: true });
});

test.each(['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/..%5csecret.js', '/%00.js', '/%zz.js', 'secret.js', '', '/.env', '/key.pem', '/../window-other/a.js'])(
  'nothing is served for %j',
  (pathname) => expect(windowFile(folder, pathname)).toBeNull(),
);

test('no path leaves the folder', () => {
  const piece = fc.constantFrom('..', '.', '%2e%2e', '%2F', '/', '%5c', 'a', 'assets', '.js', 'index.html', '%00', '//', ':', 'C:');
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const file = windowFile(folder, `/${pieces.join('')}`);
    if (file) expect(resolve(file.path).startsWith(folder + sep)).toBe(true);
  }), { seed: 7, numRuns: 2000 });
});
