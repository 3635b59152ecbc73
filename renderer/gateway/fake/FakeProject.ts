import type { RunSettings } from '../../../shared/contract/studio.js';
import type { ImportRequest } from '../../../shared/dataset.js';
import type { ExecutorName, LayerSummary, ModelSummary } from '../../../shared/model.js';
import { defaultNoise, plainPractice } from '../../../shared/objective.js';
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
    const { model, latent, beta, rate, seed, objective = plainPractice.objective } = settings;
    return {
      ...plainPractice,
      objective,
      noise: settings.noise ?? defaultNoise(objective),
      likelihood: settings.likelihood ?? plainPractice.likelihood,
      schedule: settings.capacity ? { kind: 'capacity', ...settings.capacity } : settings.warmup === undefined ? plainPractice.schedule : { kind: 'warm-up', steps: settings.warmup },
      model: { kind: model, format: this.world.format, latent, hidden: settings.hidden ?? [400] },
      epochs: settings.epochs ?? 200,
      batch: settings.batch ?? 128,
      beta,
      rate,
      seed,
      executor,
    };
  }

  /** A dense model, whatever was asked for. */
  describeModel({ latent, hidden = [400] }: RunSettings): ModelSummary {
    const { width, height, channels } = this.world.format;
    const pixels = width * height * channels;
    const dense = (name: string, from: number, to: number): LayerSummary => ({ name, outputShape: [to], parameters: (from + 1) * to });
    const half = (name: string, widths: readonly number[]): LayerSummary[] => widths.slice(1).map((to, i) => dense(`${name}/dense${i + 1}`, widths[i]!, to));
    const layers = [
      { name: 'encoder/images', outputShape: [height, width, channels], parameters: 0 },
      ...half('encoder', [pixels, ...hidden]),
      dense('encoder/mean', hidden.at(-1) ?? pixels, latent),
      { name: 'decoder/latents', outputShape: [latent], parameters: 0 },
      ...half('decoder', [latent, ...hidden.toReversed()]),
      dense('decoder/logits', hidden[0] ?? latent, pixels),
    ];
    return { layers, parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0) };
  }
}
