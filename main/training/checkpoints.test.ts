import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runPaths } from '../projects/runFile.js';
import { readBest, readNewestCheckpoint, removeCheckpointsAfter, writeBest, writeCheckpoint, type CheckpointState } from './checkpoints.js';

let runDir: string;
beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'morphoscope-checkpoints-'));
});
afterEach(() => rmSync(runDir, { recursive: true }));

const stateAt = (step: number): CheckpointState => ({
  step,
  epoch: 2,
  position: 3,
  beta: 0.1,
  rate: 1 / 3,
  skippedUpdates: 1,
  metricsLines: 40,
  totals: `12 ${0.1 + 0.2} 1e-300`,
  best: null,
});
const tensors = new Map([
  ['encoder/dense1/kernel', { shape: [2, 2], values: new Float32Array([1, -0, 1e-40, 3.4e38]) }],
  ['optimizer/beta1Power', { shape: [], values: new Float32Array([0.9]) }],
]);
const files = () => readdirSync(runPaths(runDir).checkpoints).sort();

test('a checkpoint reads back bitwise', async () => {
  await writeCheckpoint(runDir, tensors, stateAt(469));
  expect(files()).toEqual(['step-00000469.safetensors']);
  const read = await readNewestCheckpoint(runDir);
  expect(read).toMatchObject({ ok: true, value: { state: stateAt(469), notices: [] } });
  expect(read.ok && [...read.value.tensors]).toEqual([...tensors]);
});

test('a checkpoint keeps which epoch was the best, and the tensors of it lie beside it, not counted among the newest three', async () => {
  const best = { epoch: 2, step: 20, loss: 0.1 + 0.2 };
  await writeBest(runDir, 20, tensors);
  for (const step of [20, 30, 40, 50]) await writeCheckpoint(runDir, tensors, { ...stateAt(step), best });
  expect(files()).toEqual(['best-00000020.safetensors', 'step-00000030.safetensors', 'step-00000040.safetensors', 'step-00000050.safetensors']);
  const read = await readNewestCheckpoint(runDir);
  expect(read).toMatchObject({ ok: true, value: { state: { step: 50, best } } });
  const kept = await readBest(runDir, best);
  expect(kept.ok && [...kept.value]).toEqual([...tensors]);
  expect(await readBest(runDir, { ...best, step: 30 })).toMatchObject({ ok: false, error: { code: 'not-found' } });
});

test('every checkpoint that is kept has the best epoch that it names', async () => {
  for (let step = 10; step <= 120; step += 10) {
    // A better one comes now and then.
    const named = step - (step % 30 === 0 ? 0 : step % 30);
    if (named === step) await writeBest(runDir, step, tensors);
    await writeCheckpoint(runDir, tensors, { ...stateAt(step), best: named > 0 ? { epoch: 1, step: named, loss: 1 } : null });
    for (const name of files().filter((name) => name.startsWith('step'))) {
      const read = await readNewestCheckpoint(runDir, ({ path }) => (path.endsWith(name) ? null : { message: 'Another.' }));
      const best = read.ok ? read.value.state.best : null;
      if (best) expect((await readBest(runDir, best)).ok).toBe(true);
    }
  }
  expect(files()).toHaveLength(6);
  await removeCheckpointsAfter(runDir, 115);
  expect(files().at(-1)).toBe('step-00000110.safetensors');
  expect(files()).not.toContain('best-00000120.safetensors');
});

test('the newest three are kept, by number and not by spelling', async () => {
  for (const step of [5, 40, 300, 99_999_999, 100_000_000]) await writeCheckpoint(runDir, tensors, stateAt(step));
  expect(files()).toEqual(['step-00000300.safetensors', 'step-100000000.safetensors', 'step-99999999.safetensors']);
  expect(await readNewestCheckpoint(runDir)).toMatchObject({ ok: true, value: { state: { step: 100_000_000 } } });
});

test('a checkpoint of an earlier step, written after later ones, is not removed with the oldest', async () => {
  for (const step of [10, 20, 30]) await writeCheckpoint(runDir, tensors, stateAt(step));
  await writeCheckpoint(runDir, tensors, stateAt(5));
  expect(files()).toContain('step-00000005.safetensors');
});

test('files of other names are neither read nor removed', async () => {
  mkdirSync(runPaths(runDir).checkpoints);
  for (const name of ['notes.txt', 'step-1.safetensors', 'step-00000009.safetensors.bak']) writeFileSync(join(runPaths(runDir).checkpoints, name), '');
  await writeCheckpoint(runDir, tensors, stateAt(3));
  expect(files()).toHaveLength(4);
  expect(await readNewestCheckpoint(runDir)).toMatchObject({ ok: true, value: { state: { step: 3 } } });
});

test('cut short anywhere, the newest checkpoint is passed over with a notice that names it', async () => {
  await writeCheckpoint(runDir, tensors, stateAt(1));
  await writeCheckpoint(runDir, tensors, stateAt(2));
  const path = join(runPaths(runDir).checkpoints, 'step-00000002.safetensors');
  const bytes = readFileSync(path);
  for (let length = 0; length < bytes.length; length += 7) {
    writeFileSync(path, bytes.subarray(0, length));
    const read = await readNewestCheckpoint(runDir);
    expect(read).toMatchObject({ ok: true, value: { state: { step: 1 } } });
    expect(read.ok && read.value.notices).toMatchObject([{ message: expect.stringContaining('step-00000002') as string }]);
  }
});

test('a checkpoint that the reader objects to is passed over, and when all are the first objection is told', async () => {
  await writeCheckpoint(runDir, tensors, stateAt(1));
  await writeCheckpoint(runDir, tensors, stateAt(2));
  const below = (limit: number) => readNewestCheckpoint(runDir, ({ state }) => (state.step < limit ? null : { message: 'It is too late.' }));
  expect(await below(2)).toMatchObject({ ok: true, value: { state: { step: 1 } } });
  expect(await below(0)).toMatchObject({ ok: false, error: { code: 'bad-data', message: expect.stringContaining('it is too late') as string } });
});

test('no checkpoint is not-found, and metadata of something else are damage', async () => {
  expect(await readNewestCheckpoint(runDir)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  await writeCheckpoint(runDir, tensors, { ...stateAt(1), metricsLines: -1 });
  expect(await readNewestCheckpoint(runDir)).toMatchObject({ ok: false, error: { code: 'bad-data' } });
  await writeCheckpoint(runDir, tensors, { ...stateAt(1), best: { epoch: 1, step: 0.5, loss: 1 } });
  expect(await readNewestCheckpoint(runDir)).toMatchObject({ ok: false, error: { code: 'bad-data' } });
});

test('checkpoints after a step can be removed', async () => {
  for (const step of [10, 20, 30]) await writeCheckpoint(runDir, tensors, stateAt(step));
  await removeCheckpointsAfter(runDir, 20);
  expect(files()).toEqual(['step-00000010.safetensors', 'step-00000020.safetensors']);
});
