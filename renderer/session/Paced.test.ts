import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Paced } from './Paced.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first request is served at once, those within the period together at its end', () => {
  const action = vi.fn();
  const paced = new Paced(action, 1000);
  paced.ask();
  expect(action).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 5; i++) paced.ask();
  vi.advanceTimersByTime(999);
  expect(action).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2);
  expect(action).toHaveBeenCalledTimes(2);
});

test('nothing happens while it is held; what was asked is done once after that', () => {
  const action = vi.fn();
  const paced = new Paced(action, 1000);
  paced.hold();
  paced.ask();
  paced.ask();
  vi.advanceTimersByTime(5000);
  expect(action).not.toHaveBeenCalled();
  paced.release();
  expect(action).toHaveBeenCalledTimes(1);
});

test('once restarted it knows nothing of what was asked, and serves the next request at once unless it is held', () => {
  const action = vi.fn();
  const paced = new Paced(action, 1000);
  paced.ask();
  paced.ask();
  paced.restart();
  vi.advanceTimersByTime(5000);
  expect(action).toHaveBeenCalledTimes(1);
  paced.ask();
  paced.restart();
  paced.ask();
  expect(action).toHaveBeenCalledTimes(3);
  paced.hold();
  paced.restart();
  paced.ask();
  expect(action).toHaveBeenCalledTimes(3);
});

test('it leaves no timer behind when nothing is due or it is disposed of', () => {
  const action = vi.fn();
  const paced = new Paced(action, 1000);
  paced.ask();
  expect(vi.getTimerCount()).toBe(0);
  paced.ask();
  paced.dispose();
  vi.advanceTimersByTime(5000);
  expect(action).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
