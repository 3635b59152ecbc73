import type { DoctorReport, ImageRef, PathKind, RunSettings, StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { ImportRequest } from '../../shared/dataset.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { DatasetService } from './DatasetService.js';
import { examineMachine } from './doctor.js';
import { Explorer } from './Explorer.js';
import { RunService } from './RunService.js';
import type { StudioProcesses } from './studioProcesses.js';

export interface StudioOptions {
  readonly processes: StudioProcesses;
  /** Hears of everything that the studio says unasked, in order. */
  emit(event: StudioEvent): void;
}

/** The studio: joins its services behind the contract. */
export class Studio implements StudioApi, Disposable {
  readonly #datasets: DatasetService;
  readonly #explorer: Explorer;
  readonly #runs: RunService;

  constructor({ processes, emit }: StudioOptions) {
    this.#datasets = new DatasetService(processes.importer, (progress) => emit({ kind: 'importing', progress }));
    this.#explorer = new Explorer(processes.importer);
    this.#runs = new RunService(processes, emit, (dir, step, weights) => this.#explorer.takeSnapshot(dir, step, weights));
  }

  /** Takes up what the studio before this one left behind; called once before the first call is served. */
  reattach(): Promise<void> {
    return this.#runs.reattach();
  }

  importDataset(project: string, request: ImportRequest) {
    return this.#datasets.importDataset(project, request);
  }

  cancelImport() {
    return this.#datasets.cancel();
  }

  openProject(project: string) {
    return this.#datasets.open(project);
  }

  discardProject(project: string) {
    return this.#datasets.discard(project);
  }

  startRun(project: string, settings: RunSettings) {
    return this.#runs.start(project, settings);
  }

  resumeRun(dir: string, epochs: number | null) {
    return this.#runs.resume(dir, epochs);
  }

  pauseRun() {
    return this.#runs.steer((trainer) => trainer.pause());
  }

  continueRun() {
    return this.#runs.steer((trainer) => trainer.resume());
  }

  stepRun() {
    return this.#runs.steer((trainer) => trainer.step());
  }

  stopRun() {
    return this.#runs.steer((trainer) => trainer.stop());
  }

  setBeta(beta: number) {
    return this.#runs.steer((trainer) => trainer.setBeta(beta));
  }

  setRate(rate: number) {
    return this.#runs.steer((trainer) => trainer.setRate(rate));
  }

  metrics(dir: string, cursor: number) {
    return this.#runs.metrics(dir, cursor);
  }

  embed(dir: string) {
    return this.#explorer.embed(dir);
  }

  encode(dir: string, image: ImageRef) {
    return this.#explorer.encode(dir, image);
  }

  decode(dir: string, latents: Float32Array) {
    return this.#explorer.decode(dir, latents);
  }

  morph(dir: string, from: ImageRef, to: ImageRef, steps: number, path: PathKind) {
    return this.#explorer.morph(dir, from, to, steps, path);
  }

  doctor(): Promise<DoctorReport> {
    return examineMachine();
  }

  dispose(): void {
    this.#runs.dispose();
    this.#explorer.dispose();
  }
}
