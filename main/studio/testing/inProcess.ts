import type { TrainerEvent } from '../../../shared/contract/trainer.js';
import { failure, type Failure } from '../../../shared/failure.js';
import { err, ok, type Result } from '../../../shared/result.js';
import { createExecutor } from '../../compute/createExecutor.js';
import { decodeImageFile } from '../../datasets/decodeImage.js';
import { importDataset } from '../../datasets/importDataset.js';
import { Trainer } from '../../training/Trainer.js';
import type { ImporterClient, ProcessEnd, StudioProcesses, TrainerConnection } from '../studioProcesses.js';

/** The importer's and the trainer's real work in this process: the studio's services without what main/processes tests. */
export class InProcess implements StudioProcesses {
  /** Of the trainers to come. */
  createExecutor = createExecutor;

  #endTrainer: (end: ProcessEnd) => void = () => undefined;
  #silenceTrainer = (): void => undefined;
  trainersStarted = 0;

  readonly importer: ImporterClient = {
    importDataset: (request, target, onProgress) => importDataset(request, target, { onProgress }),
    cancel: () => Promise.resolve(),
    decodeImage: decodeImageFile,
  };

  startTrainer(): Promise<Result<TrainerConnection, Failure>> {
    this.trainersStarted++;
    let listener: (event: TrainerEvent) => void = () => undefined;
    const trainer = new Trainer({ emit: (event) => listener(event), createExecutor: this.createExecutor });
    this.#silenceTrainer = () => {
      listener = () => undefined;
      trainer.dispose();
    };
    const ended = new Promise<ProcessEnd>((resolve) => (this.#endTrainer = resolve));
    return Promise.resolve(
      ok({
        api: trainer,
        request: null,
        started: null,
        onEvent: (added) => (listener = added),
        ended,
        stop: async () => {
          trainer.dispose();
          this.#endTrainer({ kind: 'exited', message: 'The trainer has ended.' });
          return ended;
        },
      }),
    );
  }

  runningTrainer(): Promise<null> {
    return Promise.resolve(null);
  }

  proveNative(): Promise<Result<never, Failure>> {
    return Promise.resolve(err(failure('crashed', 'There is no process to load TensorFlow in.')));
  }

  /** What the studio sees when the trainer's process dies: no further event, then the end. */
  crashTrainer(message: string): void {
    this.#silenceTrainer();
    this.#endTrainer({ kind: 'crashed', message });
  }
}
