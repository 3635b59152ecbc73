import type { ActiveRun, FoundItem, ItemTable, Prediction, RunSettings } from '../../shared/contract/studio.js';
import type { DatasetSummary } from '../../shared/dataset.js';
import { failure, type Failure } from '../../shared/failure.js';
import type { ModelSummary } from '../../shared/model.js';
import type { RunSummary } from '../../shared/project.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { Gateway } from '../gateway/Gateway.js';
import { History } from './History.svelte.js';
import { ImageStore } from './ImageStore.js';
import { ItemIds } from './ItemIds.js';
import { LatestRequest } from './LatestRequest.js';
import { Measurements } from './Measurements.svelte.js';
import type { Notices } from './Notices.svelte.js';
import { Predictor } from './Predictor.svelte.js';
import { answered, reached } from './reached.js';
import { RunSession } from './RunSession.svelte.js';
import { settingsOf } from './settingsOf.js';

/** An open project: its dataset, its runs, and the run that is looked at. */
export class ProjectSession {
  readonly images: ImageStore;
  readonly ids: ItemIds;
  /** What a person did to the settings. */
  readonly history = new History();
  readonly measurements: Measurements;
  readonly #predictor: Predictor;
  readonly #describe: LatestRequest<RunSettings, ModelSummary>;
  #run = $state.raw<RunSession | null>(null);
  #runs = $state.raw<readonly RunSummary[]>([]);
  #settings = $state.raw<RunSettings | null>(null);
  #model = $state.raw<ModelSummary | null>(null);
  #refusal = $state.raw<Failure | null>(null);
  #isStarting = $state(false);

  constructor(
    readonly gateway: Gateway,
    readonly notices: Notices,
    /** Folder of the project. */
    readonly dir: string,
    readonly dataset: DatasetSummary,
    readonly items: ItemTable,
    runs: readonly RunSummary[] = [],
  ) {
    this.images = new ImageStore(gateway.studio, dir, dataset.format);
    this.ids = new ItemIds(gateway.studio, dir);
    this.measurements = new Measurements(gateway, notices, dir);
    this.#predictor = new Predictor(gateway.studio, dir);
    this.#describe = new LatestRequest((settings) => reached(gateway.studio.describeModel(dir, settings)), (answer) => this.#takeModel(answer));
    this.#runs = runs;
  }

  /** Opens a project without looking at a run of it yet. */
  static async open(gateway: Gateway, notices: Notices, dir: string): Promise<Result<ProjectSession, Failure>> {
    const summary = await reached(gateway.studio.openProject(dir));
    if (!summary.ok) return summary;
    const { dataset, runs } = summary.value;
    if (!dataset) return err(failure('bad-data', say('projects.noImages', summary.value.dir)));
    const items = await reached(gateway.studio.items(summary.value.dir));
    return items.ok ? ok(new ProjectSession(gateway, notices, summary.value.dir, dataset, items.value, runs)) : items;
  }

  /** Name of the folder without its ending. */
  get name(): string {
    return projectName(this.dir);
  }
  /** Runs on disk, oldest first. */
  get runs(): readonly RunSummary[] {
    return this.#runs;
  }
  /** The run that is looked at; null before the first: the preflight is shown. */
  get run(): RunSession | null {
    return this.#run;
  }
  /** Settings for the next run, as the person has left them; null until the studio has suggested some. */
  get settings(): RunSettings | null {
    return this.#settings;
  }
  /** What the settings stand for; while they are refused, what they stood for before. */
  get model(): ModelSummary | null {
    return this.#model;
  }
  /** Why no run can have these settings; null when one can. */
  get refusal(): Failure | null {
    return this.#refusal;
  }
  /** What a run with these settings would take; null while it is measured. */
  get prediction(): Prediction | null {
    return this.#predictor.prediction;
  }
  /** Why it could not be measured; null when it was or is being. */
  get predictionFailure(): Failure | null {
    return this.#predictor.failure;
  }
  /** True from the press on Train until the run is there. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  /** Changes settings of the next run, which can be taken back. */
  edit(change: Partial<RunSettings>): void {
    if (this.#settings) this.choose({ ...this.#settings, ...change });
  }

  /** Replaces the settings of the next run, which can be taken back. */
  choose(settings: RunSettings): void {
    const before = this.#settings;
    if (!before) return;
    this.#set(settings);
    this.history.record({ undo: () => this.#set(before), redo: () => this.#set(settings) });
  }

  /** The native backend has come or gone: what is not there is not asked for, and the next run is predicted anew. */
  adapt(isNativeThere: boolean): void {
    if (!this.#settings) return;
    if (!isNativeThere && this.#settings.executor === 'tensorflow') this.#settings = { ...this.#settings, executor: 'auto' };
    if (!this.#run) this.#set(this.#settings);
  }

  /**
   * Goes to the settings for a new run on the same images. The run that was looked at goes on.
   * @param settings what a person had chosen before; null: as they were left here, else what suits the images
   */
  async prepare(settings: RunSettings | null = null): Promise<void> {
    this.#look(null);
    if (settings) this.#settings = settings;
    if (!this.#settings) {
      const suggested = await reached(this.gateway.studio.suggestSettings(this.dir));
      if (!suggested.ok) return this.notices.fail('training', suggested.error);
      this.#settings = suggested.value;
    }
    if (!this.#run) this.#set(this.#settings);
  }

  /** Starts a run with the settings and looks at it. */
  async train(): Promise<void> {
    if (!this.#settings || this.#isStarting) return;
    this.#isStarting = true;
    this.notices.clear('training');
    this.#predictor.stop();
    try {
      const started = await reached(this.gateway.studio.startRun(this.dir, this.#settings));
      if (!started.ok) return this.notices.fail('training', started.error);
      await this.openRun(started.value.dir);
    } finally {
      this.#isStarting = false;
    }
  }

  /** Begins a new run like one that did not fit into memory, with fewer images a step. */
  async trainAgain({ spec, stepsPerEpoch }: RunSession, batch: number): Promise<void> {
    if (this.#isStarting) return;
    this.#settings = { ...settingsOf(spec, spec.epochs * stepsPerEpoch), batch };
    await this.train();
  }

  /** Looks at a run, by its folder. */
  async openRun(dir: string): Promise<void> {
    const [summary, status] = await Promise.all([reached(this.gateway.studio.openProject(this.dir)), answered(this.gateway.studio.status())]);
    if (!summary.ok) return this.notices.fail('training', summary.error);
    this.#runs = summary.value.runs;
    const found = this.#runs.find((run) => run.dir === dir);
    if (!found) return this.notices.fail('training', failure('not-found', say('projects.gone', dir)));
    const active: ActiveRun | null = status.ok && status.value.run?.dir === dir ? status.value.run : null;
    this.#predictor.stop();
    this.#look(new RunSession(this.gateway, this.notices, dir, found.file, active, this));
  }

  /** Items whose position, id or class matches what was typed, best first. */
  async findItems(text: string, limit: number): Promise<readonly FoundItem[]> {
    const found = await reached(this.gateway.studio.findItems(this.dir, text, limit));
    return found.ok ? found.value : [];
  }

  dispose(): void {
    this.#predictor.stop();
    this.#describe.drop();
    this.#look(null);
    this.measurements.dispose();
  }

  #set(settings: RunSettings): void {
    this.#settings = settings;
    this.#predictor.ask(settings);
    this.#describe.request(settings);
  }

  #takeModel(answer: Result<ModelSummary, Failure>): void {
    if (answer.ok) this.#model = answer.value;
    this.#refusal = answer.ok || answer.error.code !== 'usage' ? null : answer.error;
  }

  #look(run: RunSession | null): void {
    this.#run?.dispose();
    this.#run = run;
    if (!run) return;
    run.begin();
    void this.measurements.recall(run.dir);
  }
}

/** Name of a project's folder without its ending. */
export function projectName(dir: string): string {
  return dir.split(/[\\/]/).at(-1)!.replace(/\.morphoscope$/, '');
}
