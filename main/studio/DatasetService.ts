import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { StudioStatus } from '../../shared/contract/studio.js';
import type { DatasetSummary, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { ProjectFile, ProjectSummary, RecordedSource } from '../../shared/project.js';
import { err, ok, type Result } from '../../shared/result.js';
import { openDataset } from '../datasets/packedDataset.js';
import { lockProject } from '../projects/lock.js';
import { createOrOpenProject, discardEmptyProject, listRuns, openProject, writeProjectFile, type Project } from '../projects/projectFolder.js';
import { mendRuns } from './mendRuns.js';
import type { ImporterClient } from './studioProcesses.js';

type RecordedRequest = NonNullable<ProjectFile['dataset']>['request'];

/** Makes projects and imports datasets into them. */
export class DatasetService {
  #importing: StudioStatus['importing'] = null;

  constructor(
    private readonly importer: ImporterClient,
    private readonly onProgress: (progress: ImportProgress) => void,
  ) {}

  /** The import in progress; null when there is none. */
  get importing(): StudioStatus['importing'] {
    return this.#importing;
  }

  /** See `StudioApi.importDataset`. A project that was made for an import that fails is taken back. */
  async importDataset(dir: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>> {
    const project = await createOrOpenProject(dir);
    if (!project.ok) return project;
    const lock = lockProject(project.value.dir);
    if (!lock.ok) return lock;
    try {
      const imported = existsSync(project.value.datasetDir)
        ? takeExisting(project.value, request)
        : await this.#importNew(project.value, request);
      lock.value.dispose();
      if (!imported.ok) await discardEmptyProject(project.value);
      return imported;
    } finally {
      lock.value.dispose();
    }
  }

  cancel(): Promise<void> {
    return this.importer.cancel();
  }

  /** See `StudioApi.openProject`. */
  async open(dir: string): Promise<Result<ProjectSummary, Failure>> {
    const project = await openProject(dir);
    if (!project.ok) return project;
    const dataset = existsSync(project.value.datasetDir) ? summaryOf(project.value) : ok(null);
    if (!dataset.ok) return dataset;
    await mendRuns(project.value.dir);
    return ok({ dir: project.value.dir, dataset: dataset.value, runs: await listRuns(project.value.dir) });
  }

  /** See `StudioApi.discardProject`. */
  async discard(dir: string): Promise<Result<null, Failure>> {
    const project = await openProject(dir);
    if (!project.ok) return project;
    const lock = lockProject(project.value.dir);
    if (!lock.ok) return lock;
    try {
      if (existsSync(project.value.runsDir) && (await readdir(project.value.runsDir)).length > 0) {
        return err(failure('busy', `${project.value.dir} has runs, which would be lost: it is kept.`));
      }
      await rm(project.value.runsDir, { recursive: true, force: true });
      await rm(project.value.datasetDir, { recursive: true, force: true });
      lock.value.dispose();
      await discardEmptyProject({ ...project.value, created: project.value.dir });
      return ok(null);
    } finally {
      lock.value.dispose();
    }
  }

  async #importNew(project: Project, request: ImportRequest): Promise<Result<DatasetSummary, Failure>> {
    const note = (progress: ImportProgress): void => {
      this.#importing = { project: project.dir, progress };
    };
    note({ phase: 'listing', done: 0, total: 0 });
    const imported = await this.importer
      .importDataset(request, project.datasetDir, (progress) => {
        note(progress);
        this.onProgress(progress);
      })
      .finally(() => (this.#importing = null));
    if (!imported.ok) return imported;
    try {
      await writeProjectFile(project.dir, { ...project.file, dataset: { request: recorded(request) } });
    } catch (error) {
      if (error instanceof FailureError) return err(error.failure);
      throw error;
    }
    return imported;
  }
}

/** The dataset that is there, when it was made by the same request; a project has one dataset for good. */
function takeExisting(project: Project, request: ImportRequest): Result<DatasetSummary, Failure> {
  if (!isDeepStrictEqual(project.file.dataset?.request, recorded(request))) {
    return err(failure('usage', `${project.dir} already holds another dataset: choose a new folder for this one.`));
  }
  return summaryOf(project);
}

function summaryOf(project: Project): Result<DatasetSummary, Failure> {
  const dataset = openDataset(project.datasetDir);
  if (!dataset.ok) return dataset;
  dataset.value.dispose();
  return ok(dataset.value.summary);
}

function recorded(request: ImportRequest): RecordedRequest {
  const source: RecordedSource = request.source.kind === 'bytes' ? { kind: 'bytes', files: request.source.files.length } : request.source;
  return { ...request, source };
}
