import type { RunSettings } from '../../../shared/contract/studio.js';
import type { ImportRequest } from '../../../shared/dataset.js';
import type { ExecutorName } from '../../../shared/model.js';
import { plainPractice } from '../../../shared/objective.js';
import type { ProjectSummary } from '../../../shared/project.js';
import type { RunSpec } from '../../../shared/run.js';
import type { FakeRun } from './FakeRun.js';
import { FakeWorld } from './FakeWorld.js';

/** A project: its world of images and its runs, oldest first. */
export class FakeProject {
  readonly runs: FakeRun[] = [];
  readonly world: FakeWorld;

  constructor(
    readonly dir: string,
    count: number,
    request: ImportRequest,
  ) {
    const size = request.size === 'auto' ? 28 : request.size;
    this.world = new FakeWorld(count, { width: size, height: size, channels: request.channels === 'auto' ? 1 : request.channels }, request.seed);
  }

  get name(): string {
    return this.dir.split('/').at(-1)!.replace(/\.morphoscope$/, '');
  }

  summary(): ProjectSummary {
    return { dir: this.dir, dataset: this.world.summary(), runs: this.runs.map((run) => run.summary()) };
  }

  suggestSettings(): RunSettings {
    return { model: 'dense', latent: 8, epochs: 200, batch: 128, beta: 1, rate: 0.001, seed: 0, executor: 'auto' };
  }

  spec(settings: RunSettings, executor: ExecutorName): RunSpec {
    const { model, latent, beta, rate, seed } = settings;
    return {
      ...plainPractice,
      model: { kind: model, format: this.world.format, latent, hidden: settings.hidden ?? [400] },
      epochs: settings.epochs ?? 200,
      batch: settings.batch ?? 128,
      beta,
      rate,
      seed,
      executor,
    };
  }
}
