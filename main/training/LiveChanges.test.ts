import { expect, test } from 'vitest';
import { LiveChanges } from './LiveChanges.js';

test('a change holds at once, and several for one step are one', () => {
  const changes = new LiveChanges(1, 0.1, []);
  changes.change(5, { beta: 2 });
  changes.change(5, { rate: 0.2 });
  changes.change(5, { beta: 3 });
  expect([changes.beta, changes.rate]).toEqual([3, 0.2]);
  expect(changes.all).toEqual([{ step: 5, beta: 3, rate: 0.2 }]);
});

test('changes ahead of the present step come into force at theirs, in order', () => {
  const changes = new LiveChanges(1, 0.1, [{ step: 2, beta: 9 }, { step: 5, beta: 2 }, { step: 7, rate: 0.3 }]);
  const course = [4, 5, 6, 7, 8].map((step) => {
    changes.begin(step);
    return [changes.beta, changes.rate];
  });
  expect(course).toEqual([[1, 0.1], [2, 0.1], [2, 0.1], [2, 0.3], [2, 0.3]]);
});

test('a new change makes those ahead of it forgotten and keeps those behind it', () => {
  const changes = new LiveChanges(1, 0.1, [{ step: 2, beta: 9 }, { step: 8, beta: 2 }]);
  changes.change(5, { rate: 0.2 });
  changes.begin(8);
  expect(changes.beta).toBe(1);
  expect(changes.all).toEqual([{ step: 2, beta: 9 }, { step: 5, rate: 0.2 }]);
});

test('another executor from a step on leaves what else is to come, but for executors that had been recorded there', () => {
  const changes = new LiveChanges(1, 0.1, [{ step: 2, executor: 'tensorflow' }, { step: 5, beta: 2 }, { step: 7, rate: 0.3, executor: 'webgpu' }, { step: 9, executor: 'onnx' }]);
  changes.changeExecutor(4, 'onnx');
  expect(changes.all).toEqual([{ step: 2, executor: 'tensorflow' }, { step: 4, executor: 'onnx' }, { step: 5, beta: 2 }, { step: 7, rate: 0.3 }]);
  changes.changeExecutor(5, 'eager');
  expect(changes.all[2]).toEqual({ step: 5, beta: 2, executor: 'eager' });
  changes.begin(5);
  expect(changes.beta).toBe(2);
});
