import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunSettings, StudioEvent } from '../../shared/contract/studio.js';
import type { ImportRequest } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { randomUniform, randomKey } from '../../shared/random.js';
import type { Result } from '../../shared/result.js';
import { compiledUrl } from '../runtime/compiledUrl.js';
import { ElectronProcessHost } from './ElectronProcessHost.js';
import type { ForkedChild } from './ForkedChild.js';
import { NodeProcessHost } from './NodeProcessHost.js';
import type { EntryName, StartOptions } from './ProcessHost.js';
import { startStudio } from './studioService.js';
import type { StudioService } from './studioService.js';
import { electronStandIn } from './testSupport/electronStandIn.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

/** A host that remembers what it started, for tests that kill it. */
class WatchedHost extends NodeProcessHost {
  readonly children: { readonly name: string; readonly child: ForkedChild }[] = [];

  protected override spawn(path: string, name: string, options: StartOptions): ForkedChild {
    const child = super.spawn(path, name, options);
    this.children.push({ name, child });
    return child;
  }

  /** The newest process of that kind. */
  newest(entry: EntryName): ForkedChild {
    return this.children.findLast(({ name }) => name.startsWith(entry))!.child;
  }
}

let folder: string;
let project: string;
let host: WatchedHost;
let service: StudioService;
let events: StudioEvent[];
const lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-'));
  project = join(folder, 'a.morphoscope');
});
afterEach(async () => {
  await service.dispose();
  rmSync(folder, { recursive: true });
});

async function begin(importer = './entries/importer.js'): Promise<void> {
  host = new WatchedHost({
    urlOf: (entry) => compiledUrl(entry === 'importer' ? importer : `./entries/${entry}.js`, import.meta.url),
    log: (line) => lines.push(line),
  });
  events = [];
  service = await startStudio(host);
  service.onEvent((event) => events.push(event));
}

function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function writePictures(count: number, side = 32): Promise<ImportRequest> {
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const jpeg = await sharp({ create: { width: side, height: side, channels: 3, background: { r: 200, g: 90, b: 40 } } }).jpeg().toBuffer();
  for (let i = 0; i < count; i++) writeFileSync(join(pictures, `${String(i).padStart(4, '0')}.jpg`), jpeg);
  return { source: { kind: 'paths', paths: [pictures] }, size: 28, channels: 'auto', seed: 0 };
}

const shapes: ImportRequest = { source: { kind: 'sample', sample: 'shapes' }, size: 28, channels: 'auto', limit: 200, seed: 0 };
const settings: RunSettings = { model: 'dense', hidden: [16], latent: 2, epochs: 30, batch: 16, beta: 1, rate: 0.001, seed: 0, executor: 'onnx' };

/** The first event that fits, once it has come. */
function event<K extends StudioEvent['kind']>(kind: K, fits: (event: Extract<StudioEvent, { kind: K }>) => boolean = () => true) {
  type Wanted = Extract<StudioEvent, { kind: K }>;
  const find = (): Wanted | undefined => events.find((each): each is Wanted => each.kind === kind && fits(each as Wanted));
  return expect.poll(find, { ...patience, interval: 10 }).toBeDefined().then(() => find()!);
}

function stepsHeard(): number[] {
  return events.flatMap((each) => (each.kind === 'metrics' ? each.lines : [])).filter((line) => line.kind === 'step').map((line) => line.step);
}

test('files whose decoding ends the importer are refused one by one, listed, and the rest is imported', async () => {
  await begin('./testEntries/poisonedImporter.js');
  const request = await writePictures(24);
  const pictures = join(folder, 'pictures');
  for (const name of ['0003-poison.jpg', '0020-poison.jpg']) writeFileSync(join(pictures, name), readFileSync(join(pictures, '0001.jpg')));
  const summary = valueOf(await service.studio.importDataset(project, request));
  expect(summary.count).toBe(24);
  expect(summary.report.skipped.map(({ name }) => name.split('/').at(-1))).toEqual(['0003-poison.jpg', '0020-poison.jpg']);
  for (const { reason } of summary.report.skipped) expect(reason).toContain('ended the importer');
  // Once at full speed, once for each file one by one, once to the end.
  expect(host.children.filter(({ name }) => name.startsWith('importer'))).toHaveLength(4);
  expect(host.newest('studio').pid).toBe(host.children[0]!.child.pid);
});

test('an importer that is killed at random is replaced, and nothing half-written is left of the first attempt', async () => {
  await begin();
  const request = await writePictures(120, 300);
  let replaced = 0;
  for (let seed = 0; seed < 2; seed++) {
    events.length = 0;
    const importing = service.studio.importDataset(join(folder, `${seed}.morphoscope`), request);
    await event('importing', ({ progress }) => progress.phase === 'decoding');
    await new Promise((resolve) => setTimeout(resolve, 60 * randomUniform(randomKey(seed, 5), 0)));
    const killed = host.children.length;
    host.newest('importer').kill();
    const summary = valueOf(await importing);
    expect(summary.count + summary.report.skipped.length).toBe(120);
    replaced += host.children.length - killed;
    const left = readdirSync(folder, { recursive: true }).map(String);
    expect(left.filter((path) => path.includes('importing'))).toEqual([]);
  }
  // The last of an import may have been under way already.
  expect(replaced).toBeGreaterThan(0);
  // An import that is cancelled at the moment when its importer dies is cancelled, and leaves nothing either.
  const importing = service.studio.importDataset(project, request);
  await expect.poll(() => readdirSync(folder, { recursive: true }).some((path) => String(path).includes('importing')), { ...patience, interval: 5 }).toBe(true);
  const cancelled = service.studio.cancelImport();
  host.newest('importer').kill();
  await cancelled;
  expect(await importing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(readdirSync(folder)).not.toContain('a.morphoscope');
});

test('a trainer that dies fails its run and nothing else', async () => {
  await begin();
  valueOf(await service.studio.importDataset(project, shapes));
  valueOf(await service.studio.startRun(project, { ...settings, epochs: 10_000 }));
  await event('metrics');
  const pending = service.studio.pauseRun();
  host.newest('trainer').kill();
  await pending;
  expect((await event('failed')).failure).toMatchObject({ code: 'crashed', message: expect.stringContaining('SIGKILL') as string });
  expect(await service.studio.pauseRun()).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(valueOf(await service.studio.openProject(project)).runs[0]!.file.state).toBe('failed');
  expect(host.children.filter(({ name }) => name.startsWith('studio'))).toHaveLength(1);
});

test('a studio that dies is started again while the run goes on, and no line of the metrics is lost', async () => {
  await begin();
  valueOf(await service.studio.importDataset(project, shapes));
  const { dir } = valueOf(await service.studio.startRun(project, { ...settings, epochs: 100_000 }));
  await event('metrics');
  const trainer = host.newest('trainer').pid;
  const pending = service.studio.openProject(project);
  host.newest('studio').kill();
  const lost = await pending;
  if (!lost.ok) expect(lost.error.code).toBe('crashed');
  // Waits for the new studio, which steers the run as the old one did.
  expect(valueOf(await service.studio.openProject(project)).dir).toBe(project);
  await event('notice', ({ message }) => message.includes('started again'));
  const heard = stepsHeard().length;
  await expect.poll(() => stepsHeard().length, patience).toBeGreaterThan(heard);
  valueOf(await service.studio.stopRun());
  const finished = await event('finished');
  expect(finished).toMatchObject({ dir, state: 'stopped' });
  expect(host.newest('trainer').pid).toBe(trainer);
  expect(stepsHeard()).toEqual(Array.from({ length: finished.step }, (_, i) => i + 1));
  expect(valueOf(await service.studio.metrics(dir, 0)).lines.filter((line) => line.kind === 'step')).toHaveLength(finished.step);
});

test('a studio that dies again and again is given up with a sentence, and its run is stopped with a checkpoint', async () => {
  await begin();
  valueOf(await service.studio.importDataset(project, shapes));
  const { dir } = valueOf(await service.studio.startRun(project, { ...settings, epochs: 10_000 }));
  for (let deaths = 0; deaths < 3; deaths++) {
    if (deaths > 0) valueOf(await service.studio.openProject(project));
    const before = host.children.length;
    host.newest('studio').kill();
    if (deaths < 2) await expect.poll(() => host.children.length, patience).toBeGreaterThan(before);
  }
  await event('notice', ({ message }) => message.includes('3 times and is not started again'));
  expect(await service.studio.openProject(project)).toMatchObject({ ok: false, error: { code: 'crashed' } });
  await expect(service.studio.doctor()).rejects.toThrow('not started again');
  expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
});

test('dispose ends every process, the run with a checkpoint', async () => {
  await begin();
  valueOf(await service.studio.importDataset(project, shapes));
  const { dir } = valueOf(await service.studio.startRun(project, { ...settings, epochs: 10_000 }));
  await event('metrics');
  await service.dispose();
  expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
  for (const { child } of host.children) expect(() => process.kill(child.pid!, 0)).toThrow();
  expect(await event('finished')).toMatchObject({ state: 'stopped' });
});

test('the same studio runs on the processes and ports of Electron (stand-in)', async () => {
  const electron = new ElectronProcessHost(electronStandIn, { log: (line) => lines.push(line) });
  events = [];
  service = await startStudio(electron);
  service.onEvent((each) => events.push(each));
  const request = await writePictures(20);
  expect(valueOf(await service.studio.importDataset(project, request)).count).toBe(20);
  const { dir } = valueOf(await service.studio.startRun(project, { ...settings, epochs: 2 }));
  const finished = await event('finished');
  expect(stepsHeard()).toEqual(Array.from({ length: finished.step }, (_, i) => i + 1));
  const { means, count } = valueOf(await service.studio.embed(dir));
  expect(means.length).toBe(2 * count);
  expect(means.buffer.byteLength).toBe(means.byteLength);
});
