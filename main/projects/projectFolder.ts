import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { ProjectFile, RunSummary } from '../../shared/project.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { EpochMetrics } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
import { removeLeftovers } from './atomicFile.js';
import { fileFailure, systemCode } from './fileFailure.js';
import { readLastJsonLine } from './jsonLines.js';
import { readRunFile, runPaths } from './runFile.js';
import { epochMetricsSchema, projectFileSchema } from './schemas.js';
import { readValidated, writeValidated } from './validatedFile.js';

/** An open project: where its parts lie, and project.json as it was read. */
export interface Project {
  /** Absolute. */
  readonly dir: string;
  readonly file: ProjectFile;
  /** Folder of the packed dataset; there once an import is complete. */
  readonly datasetDir: string;
  readonly runsDir: string;
  /** The outermost folder that was made for it just now; null when the project was already there. */
  readonly created: string | null;
}

/** What file managers leave in a folder that looks empty. */
const droppings = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Opens the project in `dir`, or makes one in a folder that is empty or not there yet. */
export async function createOrOpenProject(dir: string): Promise<Result<Project, Failure>> {
  const path = resolve(dir);
  if (existsSync(projectPaths(path).file)) return openProject(path);
  try {
    const outermost = await mkdir(path, { recursive: true });
    const foreign = (await readdir(path)).filter((name) => !droppings.has(name));
    if (foreign.length > 0) {
      return err(failure('usage', say('projects.notEmpty', path)));
    }
    const file: ProjectFile = { format: 'morphoscope-project', version: 1, created: new Date().toISOString(), dataset: null };
    await writeProjectFile(path, file);
    return ok(projectOf(path, file, outermost ?? path));
  } catch (error) {
    if (error instanceof FailureError) return err(error.failure);
    if (systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOTDIR') {
      return err(failure('usage', say('projects.fileOnTheWay', path)));
    }
    return err(fileFailure(error, path));
  }
}

/** Opens the project in `dir` and clears away what an interrupted write has left there. */
export async function openProject(dir: string): Promise<Result<Project, Failure>> {
  const path = resolve(dir);
  const missing = await missingFolder(path);
  if (missing) return err(missing);
  if (!existsSync(projectPaths(path).file)) return err(failure('not-found', say('projects.noProject', path)));
  const file = await readValidated(projectPaths(path).file, projectFileSchema);
  if (!file.ok) return file;
  try {
    await removeLeftovers(path);
  } catch (error) {
    // A project on a disk that cannot be written to may still be looked at.
    if (!['EROFS', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
  }
  return ok(projectOf(path, file.value, null));
}

/** Replaces project.json atomically. Throws a `FailureError`. */
export function writeProjectFile(dir: string, file: ProjectFile): Promise<void> {
  return writeValidated(projectPaths(dir).file, file);
}

/** Takes back a project that `createOrOpenProject` has just made and that got neither a dataset nor a run. */
export async function discardEmptyProject(project: Project): Promise<void> {
  if (project.created === null || existsSync(project.datasetDir) || existsSync(project.runsDir)) return;
  await rm(projectPaths(project.dir).file, { force: true });
  for (let folder = project.dir; ; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // Somebody else's files have come into it: it stays.
    }
    if (folder === project.created) return;
  }
}

/** Makes the folder of the next run (runs/0001, runs/0002, ...) and returns its path. Throws a `FailureError`. */
export async function newRunFolder(project: Project): Promise<string> {
  try {
    await mkdir(project.runsDir, { recursive: true });
    for (let number = ((await runNumbers(project.runsDir)).at(-1) ?? 0) + 1; ; number++) {
      const dir = runFolder(project.runsDir, number);
      try {
        await mkdir(dir);
        return dir;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw new FailureError(fileFailure(error, project.runsDir));
  }
}

/** The run folder that `dir` names: itself, or the newest run of the project in it. */
export async function findRun(dir: string): Promise<Result<string, Failure>> {
  const path = resolve(dir);
  const missing = await missingFolder(path);
  if (missing) return err(missing);
  if (existsSync(runPaths(path).file)) return ok(path);
  if (!existsSync(projectPaths(path).file)) return err(failure('not-found', say('projects.noRunNorProject', path)));
  const newest = (await runFolders(path)).at(-1);
  return newest === undefined ? err(failure('not-found', say('projects.noRun', path))) : ok(newest);
}

/** The project that a run folder belongs to. */
export function projectOfRun(runDir: string): string {
  return dirname(dirname(resolve(runDir)));
}

/** All runs of the project in `dir`, oldest first. A run whose files are damaged is left out. */
export async function listRuns(dir: string): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const run of await runFolders(dir)) {
    const file = await readRunFile(run);
    if (!file.ok) continue;
    try {
      runs.push({ dir: run, file: file.value, last: lastEpoch(run) });
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
    }
  }
  return runs;
}

/** The last epoch in the metrics of a run, null before the first. Throws a `FailureError` when the log is damaged. */
export function lastEpoch(runDir: string): EpochMetrics | null {
  const line = readLastJsonLine(runPaths(runDir).metrics, (value): value is object => v.is(epochMetricsSchema, value));
  return line === undefined ? null : v.parse(epochMetricsSchema, line);
}

function projectPaths(dir: string): { file: string; dataset: string; runs: string } {
  return { file: join(dir, 'project.json'), dataset: join(dir, 'dataset'), runs: join(dir, 'runs') };
}

function projectOf(dir: string, file: ProjectFile, created: string | null): Project {
  const paths = projectPaths(dir);
  return { dir, file, datasetDir: paths.dataset, runsDir: paths.runs, created };
}

/** Folders of runs that have begun (run.json is there), oldest first. */
async function runFolders(projectDir: string): Promise<string[]> {
  const { runs } = projectPaths(projectDir);
  if (!existsSync(runs)) return [];
  return (await runNumbers(runs)).map((number) => runFolder(runs, number)).filter((dir) => existsSync(runPaths(dir).file));
}

/** Numbers of the run folders, ascending: 10000 comes after 9999 whatever its digits say. */
async function runNumbers(runsDir: string): Promise<number[]> {
  const names = await readdir(runsDir);
  return names.filter((name) => /^\d{4,9}$/.test(name)).map(Number).sort((a, b) => a - b);
}

function runFolder(runsDir: string, number: number): string {
  return join(runsDir, String(number).padStart(4, '0'));
}

async function missingFolder(path: string): Promise<Failure | null> {
  try {
    return (await stat(path)).isDirectory() ? null : failure('not-found', say('projects.notAFolder', path));
  } catch (error) {
    return fileFailure(error, path);
  }
}
