import fc from 'fast-check';
import { expect, test } from 'vitest';
import { History } from './History.svelte.js';

/** A number that is set, with every setting recorded. */
function counted(): { readonly history: History; set: (value: number) => void; value: () => number } {
  const history = new History();
  let value = 0;
  const set = (next: number): void => {
    const before = value;
    value = next;
    history.record({ undo: () => (value = before), redo: () => (value = next) });
  };
  return { history, set, value: () => value };
}

test('undoing all leads back to the beginning and redoing all to the end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 30 }), (values) => {
      const { history, set, value } = counted();
      for (const next of values) set(next);
      while (history.canUndo) history.undo();
      expect(value()).toBe(0);
      while (history.canRedo) history.redo();
      expect(value()).toBe(values.at(-1) ?? 0);
    }),
    { seed: 1 },
  );
});

test('something new forgets what was taken back', () => {
  const { history, set, value } = counted();
  set(1);
  set(2);
  history.undo();
  set(3);
  history.redo();
  expect(value()).toBe(3);
  history.undo();
  expect(value()).toBe(1);
});

test('with nothing to take back nothing happens', () => {
  const history = new History();
  history.undo();
  history.redo();
  expect(history.canUndo || history.canRedo).toBe(false);
});

test('the oldest deeds are forgotten', () => {
  const { history, set, value } = counted();
  for (let next = 1; next <= 500; next++) set(next);
  while (history.canUndo) history.undo();
  expect(value()).toBe(300);
});
