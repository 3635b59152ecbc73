import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { StudioStatus } from '../../shared/contract/studio.js';
import type { DatasetSummary, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { ProjectFile, ProjectSummary, RecordedSource } from '../../shared/project.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { openDataset } from '../datasets/packedDataset.js';
import { fileFailure } from '../projects/fileFailure.js';
import { lockProject } from '../projects/lock.js';
import { createOrOpenProject, discardEmptyProject, listRuns, openProject, writeProjectFile, type Project } from '../projects/projectFolder.js';
import { mendReplacement, replacementDir, takeReplacement } from '../projects/replacement.js';
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
        : await this.#import(project.value, request, project.value.datasetDir);
      lock.value.dispose();
      if (!imported.ok) await discardEmptyProject(project.value);
      return imported;
    } finally {
      lock.value.dispose();
    }
  }

  /**
   * See `StudioApi.reimportDataset`.
   *
   * @param release lets go of the dataset that is there, right before it is removed
   */
  async reimport(dir: string, request: ImportRequest, release: () => void): Promise<Result<DatasetSummary, Failure>> {
    const opened = await openProject(dir);
    if (!opened.ok) return opened;
    const project = opened.value;
    mendReplacement(project);
    const lock = lockProject(project.dir);
    if (!lock.ok) return lock;
    try {
      if (await hasRuns(project)) return err(failure('busy', say('projects.hasRuns', project.dir)));
      return await this.#import(project, request, replacementDir(project), () => {
        release();
        takeReplacement(project);
      });
    } finally {
      lock.value.dispose();
      mendReplacement(project);
    }
  }

  cancel(): Promise<void> {
    return this.importer.cancel();
  }

  /** See `StudioApi.openProject`. */
  async open(dir: string): Promise<Result<ProjectSummary, Failure>> {
    const project = await openProject(dir);
    if (!project.ok) return project;
    mendReplacement(project.value);
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
      if (await hasRuns(project.value)) return err(failure('busy', say('projects.hasRuns', project.value.dir)));
      await rm(project.value.runsDir, { recursive: true, force: true });
      await rm(project.value.datasetDir, { recursive: true, force: true });
      lock.value.dispose();
      await discardEmptyProject({ ...project.value, created: project.value.dir });
      return ok(null);
    } finally {
      lock.value.dispose();
    }
  }

  /**
   * Imports into the folder `target`, and writes down what it was made from.
   *
   * @param take puts what has been imported where it belongs
   */
  async #import(project: Project, request: ImportRequest, target: string, take?: () => void): Promise<Result<DatasetSummary, Failure>> {
    const note = (progress: ImportProgress): void => {
      this.#importing = { project: project.dir, progress };
    };
    note({ phase: 'listing', done: 0, total: 0 });
    const imported = await this.importer
      .importDataset(request, target, (progress) => {
        note(progress);
        this.onProgress(progress);
      })
      .finally(() => (this.#importing = null));
    if (!imported.ok) return imported;
    try {
      take?.();
      await writeProjectFile(project.dir, { ...project.file, dataset: { request: recorded(request) } });
    } catch (error) {
      return err(error instanceof FailureError ? error.failure : fileFailure(error, target));
    }
    return imported;
  }
}

async function hasRuns({ runsDir }: Project): Promise<boolean> {
  return existsSync(runsDir) && (await readdir(runsDir)).length > 0;
}

/** The dataset that is there, when it was made by the same request; a project has one dataset for good. */
function takeExisting(project: Project, request: ImportRequest): Result<DatasetSummary, Failure> {
  if (!isDeepStrictEqual(project.file.dataset?.request, recorded(request))) {
    return err(failure('usage', say('projects.otherDataset', project.dir)));
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
