import { expect, test } from 'vitest';
import type { ImportRequest } from '../dataset.js';
import { failure } from '../failure.js';
import { ok } from '../result.js';
import { say } from '../sentence.js';
import { checkedCalls, resultCall, valueCall } from './checkedCalls.js';
import type { ApiSchemas } from './checkedCalls.js';
import { EventReceiver } from './events.js';
import type { ImporterApi } from './importer.js';
import { importerSchemas, studioSchemas, trainerEvent, trainerSchemas } from './schemas.js';
import type { RunSettings } from './studio.js';

const request: ImportRequest = { source: { kind: 'paths', paths: ['/a'] }, size: 'auto', channels: 3, seed: 1 };
const care = { refused: [], oneAtATime: false };
const importer = checkedCalls<ImporterApi>({
  importDataset: () => Promise.reject(new Error('reached')),
  cancel: () => Promise.resolve(),
  decodeImage: () => Promise.resolve(ok(new Uint8Array(1))),
}, importerSchemas);
/** As a peer calls: without types. */
const call = (method: keyof ImporterApi, ...args: unknown[]): Promise<unknown> => (importer[method] as (...args: unknown[]) => Promise<unknown>)(...args);

test('a good call reaches its method', async () => {
  await expect(importer.importDataset(request, '/b', care)).rejects.toThrow('reached');
  expect(await importer.decodeImage('/a.png', { width: 2, height: 2, channels: 1 })).toMatchObject({ ok: true });
});

test('a wrong argument is named in a usage failure, and the method is not reached', async () => {
  const wrong: [string, unknown[]][] = [
    ['request.size', [{ ...request, size: 300 }, '/b', care]],
    ['request.seed', [{ ...request, seed: -1 }, '/b', care]],
    ['request.seed', [{ ...request, seed: 2 ** 32 }, '/b', care]],
    ['request.source.kind', [{ ...request, source: { kind: 'url' } }, '/b', care]],
    ['request.source.paths.1', [{ ...request, source: { kind: 'paths', paths: ['/a', 3] } }, '/b', care]],
    ['request.sise', [{ ...request, sise: 28 }, '/b', care]],
    ['request.limit', [{ ...request, limit: 1.5 }, '/b', care]],
    ['target', [request, '', care]],
    ['care', [request, '/b']],
    ['request', [null, '/b', care]],
  ];
  for (const [path, args] of wrong) {
    const answer = await call('importDataset', ...args);
    expect(answer).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect((answer as { error: { message: string } }).error.message).toContain(`The argument ${path} of importDataset is wrong`);
  }
});

test('too many arguments are refused: by a failure, or by a rejection where the answer is no Result', async () => {
  expect(await call('decodeImage', '/a', { width: 2, height: 2, channels: 1 }, 1)).toMatchObject({ ok: false, error: { code: 'usage' } });
  await expect(call('cancel', 1)).rejects.toThrow('cancel takes 0 arguments');
});

test('every method of a class is offered by its schemas and no other', async () => {
  class Counter {
    #count = 0;
    add(n: number) {
      this.#count += n;
      return Promise.resolve(this.#count);
    }
    reset() {
      this.#count = 0;
      return Promise.resolve();
    }
  }
  const schemas: ApiSchemas<Pick<Counter, 'add'>> = { add: valueCall(['n', trainerSchemas.setBeta.parameters[0][1]]) };
  const calls = checkedCalls<Pick<Counter, 'add'>>(new Counter(), schemas);
  expect(Object.keys(calls)).toEqual(['add']);
  await calls.add(2);
  expect(await calls.add(3)).toBe(5);
  await expect(calls.add(NaN)).rejects.toThrow('The argument n of add is wrong');
  expect(resultCall().answer).toBe('result');
});

test('settings of a run are refused outside of what any model can have', () => {
  const settings: RunSettings = { model: 'dense', latent: 2, beta: 1, rate: 0.001, seed: 0, executor: 'auto' };
  const schema = studioSchemas.startRun.parameters[1][1];
  const accepted = (value: unknown): boolean => schema['~run']({ value }, {}).issues === undefined;
  expect(accepted(settings)).toBe(true);
  expect(accepted({ ...settings, hidden: [400], epochs: 3, batch: 1 })).toBe(true);
  for (const wrong of [{ latent: 1 }, { latent: 65 }, { latent: 2.5 }, { beta: -1 }, { rate: 0 }, { rate: Infinity }, { hidden: [0] }, { epochs: 0 }, { executor: 'gpu' }, { hidden: undefined }]) {
    expect(accepted({ ...settings, ...wrong })).toBe(false);
  }
});

test('what an event or a failure says comes through with its key and values, whether the key is known or not', () => {
  const seen: unknown[] = [];
  const receiver = new EventReceiver(trainerEvent, null);
  receiver.listen((event) => void seen.push(event));
  const events = [
    { kind: 'notice', about: 'run', ...say('runs.skipped', 3) },
    { kind: 'executor', executor: 'onnx', step: 4, reason: say('runs.executorFailed', 'tensorflow', say('datasets.diskFull')) },
    { kind: 'failed', failure: { ...failure('resources', say('runs.noMemoryFor', 64, 32)), remedy: { batch: 32 } } },
    { kind: 'failed', failure: { code: 'crashed', message: 'Later.', said: { key: 'later.known', values: [] } } },
  ];
  for (const event of events) receiver.handlers.event(event, null);
  expect(seen).toEqual(events);
});

test('events are parsed, kept until somebody listens, and acknowledged when they have been dealt with', async () => {
  const acknowledged: unknown[] = [];
  const receiver = new EventReceiver(trainerEvent, () => ({ acknowledge: (receipt) => acknowledged.push(receipt) }));
  const snapshot = { kind: 'snapshot', step: 3, weights: new Uint8Array(4) };
  receiver.handlers.event({ kind: 'notice', about: 'run', message: 'first' }, null);
  receiver.handlers.event(snapshot, { channel: 'snapshot', number: 1 });
  expect(acknowledged).toEqual([]);
  const seen: unknown[] = [];
  let finish = (): void => undefined;
  receiver.listen((event) => {
    seen.push(event);
    return event.kind === 'snapshot' ? new Promise<void>((resolve) => (finish = resolve)) : undefined;
  });
  expect(seen).toEqual([{ kind: 'notice', about: 'run', message: 'first' }, snapshot]);
  await Promise.resolve();
  expect(acknowledged).toEqual([]);
  finish();
  await Promise.resolve();
  await Promise.resolve();
  expect(acknowledged).toEqual([{ channel: 'snapshot', number: 1 }]);
  expect(() => receiver.handlers.event({ kind: 'snapshot', step: 3, weights: [1] }, null)).toThrow();
  expect(() => receiver.handlers.event({ kind: 'notice', about: 'run', message: 'x' }, { channel: 1 })).toThrow();
});

test('metrics with a gradient that is not finite pass', () => {
  const line = { kind: 'step', step: 1, epoch: 1, loss: { elbo: NaN, reconstruction: Infinity, kl: 0 }, gradientNorm: NaN, applied: false, beta: 0, rate: 1 };
  const result = trainerEvent['~run']({ value: { kind: 'metrics', cursor: 1, lines: [line] } }, {});
  expect(result.issues).toBeUndefined();
});
