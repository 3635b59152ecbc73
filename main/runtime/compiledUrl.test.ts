import { expect, test } from 'vitest';
import { compiledUrl } from './compiledUrl.js';

const root = new URL('../../', import.meta.url).href;

test('source code is sent to the compiled module at the same place below dist', () => {
  expect(compiledUrl('./worker.js', `${root}main/training/batches.ts`).href).toBe(`${root}dist/main/training/worker.js`);
  expect(compiledUrl('./entries/studio.js', `${root}main/processes/host.ts`).href).toBe(`${root}dist/main/processes/entries/studio.js`);
});

test('compiled code is sent to its neighbour', () => {
  expect(compiledUrl('./worker.js', 'file:///opt/app/main/training/batches.js').href).toBe('file:///opt/app/main/training/worker.js');
});

test('source from elsewhere is refused', () => {
  expect(() => compiledUrl('./worker.js', 'file:///elsewhere/batches.ts')).toThrow(/not below/);
});
