import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportRequest } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { LessonSample } from '../../shared/lesson.js';
import { err, ok, type Result } from '../../shared/result.js';
import { openDataset } from '../datasets/packedDataset.js';
import { fileFailure } from '../projects/fileFailure.js';
import type { ImporterClient } from './studioProcesses.js';

/** Shapes are plain at 16 x 16, and a step of three trainings takes a quarter of the time. */
const requests: Readonly<Record<LessonSample, ImportRequest>> = {
  mnist: { source: { kind: 'sample', sample: 'mnist' }, size: 'auto', channels: 'auto', seed: 0 },
  shapes: { source: { kind: 'sample', sample: 'shapes' }, size: 16, channels: 'auto', seed: 0 },
};

/** The samples as lessons are taught with them: packed once, in the cache folder, where they are in nobody's projects. */
export class LessonSamples {
  constructor(
    private readonly importer: ImporterClient,
    private readonly cache: string,
  ) {}

  /** Folder of the packed dataset. The first time, and when it is damaged, the sample is imported: some seconds. */
  async find(sample: LessonSample): Promise<Result<string, Failure>> {
    const parent = join(this.cache, 'lessons');
    const datasetDir = join(parent, sample);
    const opened = openDataset(datasetDir);
    if (opened.ok) {
      opened.value.dispose();
      return ok(datasetDir);
    }
    try {
      await mkdir(parent, { recursive: true });
      await rm(datasetDir, { recursive: true, force: true });
    } catch (error) {
      return err(fileFailure(error, parent));
    }
    const imported = await this.importer.importDataset(requests[sample], datasetDir, () => undefined);
    return imported.ok ? ok(datasetDir) : imported;
  }
}
