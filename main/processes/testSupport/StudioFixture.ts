import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { RunSettings, StudioApi, StudioEvent } from '../../../shared/contract/studio.js';
import type { ImportRequest } from '../../../shared/dataset.js';
import type { Failure } from '../../../shared/failure.js';
import type { Result } from '../../../shared/result.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import { ElectronProcessHost } from '../ElectronProcessHost.js';
import type { ForkedChild } from '../ForkedChild.js';
import { NodeProcessHost } from '../NodeProcessHost.js';
import type { EntryName, StartOptions } from '../ProcessHost.js';
import { startStudio } from '../studioService.js';
import type { StudioService } from '../studioService.js';
import { electronStandIn } from './electronStandIn.js';

/** For machines with other things to do. */
export const patience = { timeout: 20_000, interval: 10 };

export const shapes: ImportRequest = { source: { kind: 'sample', sample: 'shapes' }, size: 28, channels: 'auto', limit: 200, seed: 0 };
/** A run that goes on until it is ended. */
export const settings: RunSettings = {
  model: 'dense', hidden: [16], latent: 2, epochs: 100_000, batch: 16, beta: 1, rate: 0.001, seed: 0, executor: 'onnx',
};

export function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A host that remembers what it started, for tests that kill it. */
export class WatchedHost extends NodeProcessHost {
  readonly children: { readonly name: string; readonly child: ForkedChild }[] = [];

  protected override spawn(path: string, name: string, options: StartOptions): ForkedChild {
    const child = super.spawn(path, name, options);
    this.children.push({ name, child });
    return child;
  }

  all(entry: EntryName): ForkedChild[] {
    return this.children.filter(({ name }) => name.startsWith(entry)).map(({ child }) => child);
  }

  newest(entry: EntryName): ForkedChild {
    return this.all(entry).at(-1)!;
  }
}

/** The real studio with its real processes, in a folder of its own. */
export class StudioFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'studio-'));
  readonly project = join(this.folder, 'a.morphoscope');
  readonly pictures = join(this.folder, 'pictures');
  readonly host: WatchedHost;
  readonly events: StudioEvent[] = [];
  #service!: StudioService;

  private constructor(importer: string) {
    this.host = new WatchedHost({
      urlOf: (entry) => compiledUrl(entry === 'importer' ? importer : `../entries/${entry}.js`, import.meta.url),
      log: () => undefined,
    });
  }

  static async begin({ importer = '../entries/importer.js', electron = false } = {}): Promise<StudioFixture> {
    const fixture = new StudioFixture(importer);
    fixture.#service = await startStudio(electron ? new ElectronProcessHost(electronStandIn, { log: () => undefined }) : fixture.host);
    fixture.#service.onEvent((event) => fixture.events.push(event));
    return fixture;
  }

  get service(): StudioService {
    return this.#service;
  }

  get studio(): StudioApi {
    return this.#service.studio;
  }

  stop(): Promise<void> {
    return this.#service.dispose();
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** So many equal pictures in a folder of their own, to be imported. */
  async writePictures(count: number, side: number): Promise<ImportRequest> {
    mkdirSync(this.pictures);
    const jpeg = await sharp({ create: { width: side, height: side, channels: 3, background: { r: 200, g: 90, b: 40 } } }).jpeg().toBuffer();
    for (let i = 0; i < count; i++) writeFileSync(join(this.pictures, `${String(i).padStart(4, '0')}.jpg`), jpeg);
    return { source: { kind: 'paths', paths: [this.pictures] }, size: 28, channels: 'auto', seed: 0 };
  }

  /** Imports the shapes and starts a run on them; its folder. */
  async startRun(changes: Partial<RunSettings> = {}): Promise<string> {
    valueOf(await this.studio.importDataset(this.project, shapes));
    return valueOf(await this.studio.startRun(this.project, { ...settings, ...changes })).dir;
  }

  /** The first event that fits, once it has come. */
  async event<K extends StudioEvent['kind']>(kind: K, fits: (event: Extract<StudioEvent, { kind: K }>) => boolean = () => true) {
    type Wanted = Extract<StudioEvent, { kind: K }>;
    const find = (): Wanted | undefined => this.events.find((each): each is Wanted => each.kind === kind && fits(each as Wanted));
    await expect.poll(find, patience).toBeDefined();
    return find()!;
  }

  /** The steps whose metrics have been heard of, as they came. */
  get steps(): number[] {
    return this.events.flatMap((each) => (each.kind === 'metrics' ? each.lines : [])).filter((line) => line.kind === 'step').map((line) => line.step);
  }
}
