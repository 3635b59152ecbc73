import { expect, test } from 'vitest';
import type { NativeProgress } from '../../shared/native.js';
import { InstallProgress } from './InstallProgress.js';

function started(): { progress: InstallProgress; told: NativeProgress[]; pass(ms: number): void } {
  const told: NativeProgress[] = [];
  let now = 0;
  return { progress: new InstallProgress((each) => told.push(each), () => now), told, pass: (ms) => (now += ms) };
}

test('a phase is told at once, what follows in it ten times a second at most', () => {
  const { progress, told, pass } = started();
  progress.begin('downloading', 1000);
  for (let ms = 1; ms <= 1000; ms++) {
    pass(1);
    progress.advance(ms);
  }
  progress.begin('compiling');
  expect(told).toHaveLength(12);
  expect(told[0]).toEqual({ phase: 'downloading', done: 0, total: 1000, secondsLeft: null });
  expect(told.at(-1)).toEqual({ phase: 'compiling', done: null, total: null, secondsLeft: null });
});

test('the time left is that of the rest at the rate so far, and of the phases to come; nothing is told before a second', () => {
  const { progress, told, pass } = started();
  progress.begin('unpacking', 100, 15);
  pass(500);
  progress.advance(10);
  pass(1500);
  progress.advance(25);
  pass(8000);
  progress.advance(100);
  expect(told.map(({ secondsLeft }) => secondsLeft)).toEqual([null, null, 6 + 15, 15]);
});

test('a time is not reckoned from next to nothing, unless that takes long', () => {
  const { progress, told, pass } = started();
  progress.begin('downloading', 100_000);
  pass(5000);
  progress.advance(900);
  pass(6000);
  progress.advance(910);
  expect(told.slice(0, 2).map(({ secondsLeft }) => secondsLeft)).toEqual([null, null]);
  expect(told[2]!.secondsLeft).toBeGreaterThan(1000);
});

test('more than was expected is told as all of it', () => {
  const { progress, told, pass } = started();
  progress.begin('unpacking', 100, 15);
  pass(2000);
  progress.advance(107);
  expect(told.at(-1)).toEqual({ phase: 'unpacking', done: 100, total: 100, secondsLeft: 15 });
});

test('a phase that cannot be measured tells nothing in between', () => {
  const { progress, told, pass } = started();
  progress.begin('proving');
  pass(5000);
  progress.advance(7);
  expect(told).toHaveLength(1);
});
