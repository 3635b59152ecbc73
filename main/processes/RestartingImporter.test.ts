import { expect, test, vi } from 'vitest';
import { EventReceiver } from '../../shared/contract/events.js';
import type { ImportCare, ImporterApi, ImporterEvent } from '../../shared/contract/importer.js';
import { PeerGone } from '../../shared/contract/rpc.js';
import { importerEvent } from '../../shared/contract/schemas.js';
import type { DatasetSummary, ImportRequest } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { ProcessEnd } from '../studio/studioProcesses.js';
import { deferred } from './deferred.js';
import { idleMs, mostCrashes, RestartingImporter } from './RestartingImporter.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

const request: ImportRequest = { source: { kind: 'paths', paths: ['/a'] }, size: 28, channels: 1, seed: 0 };
const format = { width: 1, height: 1, channels: 1 } as const;
const summary: DatasetSummary = { format, count: 2, heldOut: 0, classes: [], classCounts: [], report: { used: 2, skipped: [], leftOut: 0, notices: [] } };
const target = '/nowhere/at/all';

/** An importer process that is a script: `crash` ends it, with every call that it has not answered. */
class Script {
  readonly events = new EventReceiver(importerEvent, null);
  readonly #end = deferred<ProcessEnd>();
  readonly ended = this.#end.promise;
  readonly #gone = this.ended.then(() => Promise.reject(new PeerGone('call', { kind: 'gone' })));
  readonly calls: ImporterApi;

  constructor(play: (script: Script, care: ImportCare) => Promise<Awaited<ReturnType<ImporterApi['importDataset']>>>, decode: (script: Script) => void = () => undefined) {
    this.#gone.catch(() => undefined);
    this.calls = {
      importDataset: (_request, _target, care) => Promise.race([play(this, care), this.#gone]),
      cancel: () => Promise.race([Promise.resolve(), this.#gone]),
      decodeImage: () => {
        decode(this);
        return this.#gone;
      },
    };
  }

  stop(): void {
    this.#end.resolve({ kind: 'exited', message: 'It has ended.' });
  }

  say(event: ImporterEvent): void {
    this.events.handlers.event(event, null);
  }

  crash(): Promise<never> {
    this.#end.resolve({ kind: 'crashed', message: 'It was ended.' });
    return this.#gone;
  }
}

const never = new Promise<never>(() => undefined);

test('the import is refused a file only once it was the only one being decoded', async () => {
  const attempts: ImportCare[] = [];
  const bad = new Set(['b', 'd']);
  const importer = new RestartingImporter(() => Promise.resolve(ok(new Script(async (script, care) => {
    attempts.push({ ...care, refused: [...care.refused] });
    const files = ['a', 'b', 'c', 'd', 'e'].filter((name) => !care.refused.includes(name));
    for (const name of files) {
      script.say({ kind: 'decoding', name });
      // At full speed the crash comes some files later.
      if (care.oneAtATime ? bad.has(name) : name === 'c' && files.some((file) => bad.has(file))) return script.crash();
    }
    return ok(summary);
  }))));
  expect(await importer.importDataset(request, target, () => undefined)).toEqual(ok(summary));
  expect(attempts).toEqual([
    { refused: [], oneAtATime: false },
    { refused: [], oneAtATime: true },
    { refused: ['b'], oneAtATime: true },
    { refused: ['b', 'd'], oneAtATime: true },
  ]);
});

test('an importer that dies over and over is given up, with the name of the last file', async () => {
  let started = 0;
  const importer = new RestartingImporter(() => Promise.resolve(ok(new Script(async (script) => {
    script.say({ kind: 'decoding', name: `file ${++started}` });
    return script.crash();
  }))));
  expect(await importer.importDataset(request, target, () => undefined)).toMatchObject({
    ok: false,
    error: { code: 'crashed', message: `The importer ended ${mostCrashes} times, last while it decoded file ${mostCrashes}.` },
  });
  expect(started).toBe(mostCrashes);
});

test('an importer that dies before it decodes anything is not tried again', async () => {
  let started = 0;
  const importer = new RestartingImporter(() => {
    started++;
    return Promise.resolve(ok(new Script((script) => script.crash())));
  });
  expect(await importer.importDataset(request, target, () => undefined)).toMatchObject({ ok: false, error: { code: 'crashed' } });
  expect(started).toBe(1);
});

test('an importer that cannot be started fails the call, and the next call tries again', async () => {
  let started = 0;
  const importer = new RestartingImporter(() => Promise.resolve(++started === 1 ? err(failure('resources', 'No more processes.')) : ok(new Script(() => Promise.resolve(ok(summary))))));
  expect(await importer.importDataset(request, target, () => undefined)).toMatchObject({ ok: false, error: { code: 'resources' } });
  expect(await importer.importDataset(request, target, () => undefined)).toEqual(ok(summary));
});

test('a crash while a single image is decoded fails that image and is not laid at the door of the import', async () => {
  const attempts: ImportCare[] = [];
  const importer = new RestartingImporter(() => Promise.resolve(ok(new Script((script, care) => {
    attempts.push({ ...care, refused: [...care.refused] });
    script.say({ kind: 'decoding', name: 'a' });
    return attempts.length === 1 ? never : Promise.resolve(ok(summary));
  }, (script) => void script.crash().catch(() => undefined)))));
  const importing = importer.importDataset(request, target, () => undefined);
  await expect.poll(() => attempts.length, patience).toBe(1);
  expect(await importer.decodeImage('/x.png', format)).toMatchObject({ ok: false, error: { code: 'crashed', message: '/x.png could not be decoded. It was ended.' } });
  expect(await importing).toEqual(ok(summary));
  expect(attempts).toEqual([{ refused: [], oneAtATime: false }, { refused: [], oneAtATime: false }]);
});

test('one import at a time; progress goes to it; a cancel when there is none does nothing', async () => {
  let started = 0;
  const finish = deferred<null>();
  const importer = new RestartingImporter(() => {
    started++;
    return Promise.resolve(ok(new Script(async (script) => {
      script.say({ kind: 'progress', progress: { phase: 'decoding', done: 1, total: 2 } });
      await finish.promise;
      return ok(summary);
    })));
  });
  await importer.cancel();
  expect(started).toBe(0);
  const progress: unknown[] = [];
  const importing = importer.importDataset(request, target, (each) => progress.push(each));
  expect(await importer.importDataset(request, target, () => undefined)).toMatchObject({ ok: false, error: { code: 'busy' } });
  finish.resolve(null);
  expect(await importing).toEqual(ok(summary));
  expect(progress).toEqual([{ phase: 'decoding', done: 1, total: 2 }]);
});

test('an importer that has been idle is let go of, and another comes when there is something to do', async () => {
  vi.useFakeTimers();
  try {
    const scripts: Script[] = [];
    const importer = new RestartingImporter(() => {
      scripts.push(new Script(() => Promise.resolve(ok(summary))));
      return Promise.resolve(ok(scripts.at(-1)!));
    });
    const importOnce = () => importer.importDataset(request, target, () => undefined);
    await importOnce();
    await vi.advanceTimersByTimeAsync(idleMs - 1);
    await importOnce();
    await vi.advanceTimersByTimeAsync(idleMs - 1);
    expect(scripts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await scripts[0]!.ended).toMatchObject({ kind: 'exited' });
    expect(await importOnce()).toEqual(ok(summary));
    expect(scripts).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
