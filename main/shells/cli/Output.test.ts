import { expect, test } from 'vitest';
import { failure } from '../../../shared/failure.js';
import { say } from '../../../shared/sentence.js';
import { duration, timeLeft } from './duration.js';
import { Output } from './Output.js';

function written(json: boolean, isTTY: boolean): { output: Output; out: () => string; err: () => string; pass: (ms: number) => void } {
  let [out, err, now] = ['', '', 0];
  const output = new Output(json, { write: (text) => (out += text) }, { write: (text) => (err += text), isTTY }, () => now);
  return { output, out: () => out, err: () => err, pass: (ms) => (now += ms) };
}

test('with --json standard output has one object a line and nothing else', () => {
  const { output, out, err } = written(true, false);
  output.result({ kind: 'encoding', mean: Float32Array.of(0.5, NaN), labels: Int32Array.of(3) }, 'words');
  output.result({ kind: 'doctor', problem: say('native.cancelled'), figures: [{ problem: { message: 'Old.' } }] }, 'words');
  output.note('A note.');
  output.fail(failure('bad-data', 'Line one\nline two'));
  expect(out().trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { kind: 'encoding', mean: [0.5, null], labels: [3] },
    { kind: 'doctor', problem: 'The installation was cancelled.', figures: [{ problem: 'Old.' }] },
    { kind: 'error', code: 'bad-data', message: 'Line one\nline two' },
  ]);
  expect(err()).toBe('A note.\nLine one\nline two\n');
});

test('without --json results are words, and a failure is told on standard error alone', () => {
  const { output, out, err } = written(false, false);
  output.result({ kind: 'morph' }, 'a.png: 9 images');
  output.fail(failure('usage', 'No.'));
  expect([out(), err()]).toEqual(['a.png: 9 images\n', 'No.\n']);
});

test('a log gets a line of progress every five seconds, after a second', () => {
  const { output, err, pass } = written(false, false);
  for (let ms = 0; ms < 12_000; ms += 100) {
    output.progress(`at ${ms}`);
    pass(100);
  }
  expect(err()).toBe('at 1000\nat 6000\nat 11000\n');
});

test('a terminal gets progress in place, which is gone before anything else is written', () => {
  const { output, out, err, pass } = written(false, true);
  pass(1000);
  output.progress('one');
  output.progress('too soon');
  pass(100);
  output.progress('two');
  expect(err()).toBe('\r\x1b[Kone\r\x1b[Ktwo');
  output.result({ kind: 'epoch' }, 'Epoch 1');
  expect([out(), err()]).toEqual(['Epoch 1\n', '\r\x1b[Kone\r\x1b[Ktwo\r\x1b[K']);
  output.close();
  expect(err()).toBe('\r\x1b[Kone\r\x1b[Ktwo\r\x1b[K');
});

test('what is quick shows no progress, whatever went before it', () => {
  const { output, err, pass } = written(false, false);
  pass(60_000);
  output.beginProgress();
  pass(900);
  output.progress('never seen');
  expect(err()).toBe('');
});

test('time is told in the two largest units that say something, and left out where nothing is known', () => {
  expect([400, 59_400, 69_000, 7_500_000].map(duration)).toEqual(['0 s', '59 s', '1 min 9 s', '2 h 5 min']);
  expect(timeLeft(25, 100, 10_000)).toBe(', 30 s left');
  expect(timeLeft(0, 100, 10_000)).toBe('');
  expect(timeLeft(5, 0, 10_000)).toBe('');
  expect(timeLeft(120, 100, 10_000)).toBe(', 0 s left');
});
