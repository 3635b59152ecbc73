import type { ItemTable, Prediction, RunSettings } from '../../shared/contract/studio.js';
import type { DatasetSummary } from '../../shared/dataset.js';
import type { RunSummary } from '../../shared/project.js';
import type { Gateway } from '../gateway/Gateway.js';
import { ImageStore } from './ImageStore.js';
import type { Notices } from './Notices.svelte.js';
import type { RunSession } from './RunSession.svelte.js';

/** An open project: its dataset, its runs, and the run that is looked at. */
export class ProjectSession {
  readonly images: ImageStore;
  #run = $state.raw<RunSession | null>(null);
  #runs = $state.raw<readonly RunSummary[]>([]);
  #settings = $state.raw<RunSettings | null>(null);
  #prediction = $state.raw<Prediction | null>(null);

  constructor(
    readonly gateway: Gateway,
    readonly notices: Notices,
    /** Folder of the project. */
    readonly dir: string,
    readonly dataset: DatasetSummary,
    readonly items: ItemTable,
  ) {
    this.images = new ImageStore(gateway.studio, dir, dataset.format);
  }

  /** Name of the folder without its ending. */
  get name(): string {
    return this.dir.split(/[\\/]/).at(-1)!.replace(/\.morphoscope$/, '');
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
  /** What a run with these settings would take; null while it is measured. */
  get prediction(): Prediction | null {
    return this.#prediction;
  }
}
