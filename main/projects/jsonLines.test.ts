import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonLinesLog, readJsonLines, readLastJsonLine } from './jsonLines.js';

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'morphoscope-log-')), 'metrics.jsonl');

test('what was appended and flushed is read back in order, before the log is closed', async () => {
  const path = newPath();
  const log = JsonLinesLog.open(path);
  log.append([{ step: 1 }, { step: 2 }]);
  expect(readJsonLines(path, 0)).toEqual({ lines: [], next: 0 });
  expect(log.lines).toBe(2);
  await log.flush();
  log.append([{ step: 3, text: 'Größe\n"x"' }]);
  await log.flush();
  expect(readJsonLines(path, 1)).toEqual({ lines: [{ step: 2 }, { step: 3, text: 'Größe\n"x"' }], next: 3 });
  log.dispose();
  log.dispose();
});

test('opening again appends behind what is there; disposing writes what is buffered', () => {
  const path = newPath();
  for (const step of [1, 2, 3]) {
    const log = JsonLinesLog.open(path);
    expect(log.lines).toBe(step - 1);
    log.append([{ step }]);
    log.dispose();
  }
  expect(readJsonLines(path, 0).lines).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
});

test('cut anywhere, the log keeps exactly its whole lines, for the reader and for the next writer', async () => {
  const values = Array.from({ length: 20 }, (_, step) => ({ step, text: 'ä'.repeat(step) }));
  const whole = Buffer.from(values.map((value) => JSON.stringify(value) + '\n').join(''));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (cut) => {
      const path = newPath();
      const kept = whole.subarray(0, cut);
      const lines = kept.filter((byte) => byte === 10).length;
      writeFileSync(path, kept);
      expect(readJsonLines(path, 0)).toEqual({ lines: values.slice(0, lines), next: lines });
      const log = JsonLinesLog.open(path);
      expect(log.lines).toBe(lines);
      expect(readFileSync(path).length).toBe(kept.lastIndexOf(10) + 1);
      log.append([{ step: 'next' }]);
      await log.flush();
      log.dispose();
      expect(readJsonLines(path, 0).lines).toEqual([...values.slice(0, lines), { step: 'next' }]);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('a log longer than the reading buffer is counted and truncated at the right line', async () => {
  const path = newPath();
  const log = JsonLinesLog.open(path);
  log.append(Array.from({ length: 5000 }, (_, step) => ({ step, pad: 'x'.repeat(step % 97) })));
  await log.truncate(4321);
  expect(log.lines).toBe(4321);
  log.append([{ step: 'after' }]);
  await log.sync();
  log.dispose();
  const { lines, next } = readJsonLines(path, 4319);
  expect(lines).toEqual([expect.objectContaining({ step: 4319 }), expect.objectContaining({ step: 4320 }), { step: 'after' }]);
  expect(next).toBe(4322);
  const again = JsonLinesLog.open(path);
  expect(again.lines).toBe(4322);
  await again.truncate(9999);
  expect(again.lines).toBe(4322);
  await again.truncate(0);
  again.dispose();
  expect(readFileSync(path).length).toBe(0);
});

test('the last line of a kind is found from the end, past later lines and a torn one', () => {
  const path = newPath();
  const isEpoch = (line: unknown): line is { epoch: number } => typeof line === 'object' && line !== null && 'epoch' in line;
  expect(readLastJsonLine(path, isEpoch)).toBeUndefined();
  writeFileSync(path, '{"epoch":1}\n{"epoch":2}\n{"step":7}\n{"epoch":3');
  expect(readLastJsonLine(path, isEpoch)).toEqual({ epoch: 2 });
  writeFileSync(path, '\n{"step":7}\n');
  expect(() => readLastJsonLine(path, isEpoch)).toThrow('A line of');
});

test('a damaged line in the middle is named', () => {
  const path = newPath();
  writeFileSync(path, '{"step":1}\n');
  appendFileSync(path, '\0\0\0\n{"step":3}\n');
  expect(() => readJsonLines(path, 0)).toThrow(`Line 2 of ${path} is damaged.`);
  expect(readJsonLines(path, 2).lines).toEqual([{ step: 3 }]);
});

test('numbers that are not finite become null', async () => {
  const path = newPath();
  const log = JsonLinesLog.open(path);
  log.append([{ gradientNorm: NaN, loss: Infinity }]);
  log.dispose();
  expect(readJsonLines(path, 0).lines).toEqual([{ gradientNorm: null, loss: null }]);
});

test('a closed log refuses to write, and a missing folder is a sentence', async () => {
  const log = JsonLinesLog.open(newPath());
  log.dispose();
  log.append([{ step: 1 }]);
  await expect(log.flush()).rejects.toThrow('is closed');
  expect(() => JsonLinesLog.open('/nonexistent-folder/metrics.jsonl')).toThrow('The folder /nonexistent-folder does not exist.');
});
