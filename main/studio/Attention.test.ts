import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attention } from './Attention.js';

const lost = vi.fn();
beforeEach(() => {
  vi.useFakeTimers();
  lost.mockClear();
});
afterEach(() => void vi.useRealTimers());

/** A question that is answered after so long. */
const question = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('it is lost once nobody has asked for so long, and each time that it was won back', async () => {
  const attention = new Attention(100, lost);
  await vi.advanceTimersByTimeAsync(99);
  expect(lost).not.toHaveBeenCalled();
  void attention.during(question(500));
  void attention.during(question(300));
  await vi.advanceTimersByTimeAsync(599);
  expect(lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(lost).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(lost).toHaveBeenCalledTimes(1);
  void attention.during(question(1));
  await vi.advanceTimersByTimeAsync(101);
  expect(lost).toHaveBeenCalledTimes(2);
});

test('a question that fails counts like any other, and after its end nothing is lost', async () => {
  const attention = new Attention(100, lost);
  await expect(attention.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  const pending = attention.during(question(50));
  attention.dispose();
  await vi.advanceTimersByTimeAsync(1000);
  await pending;
  expect(lost).not.toHaveBeenCalled();
});
