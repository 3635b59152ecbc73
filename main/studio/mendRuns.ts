import { FailureError } from '../../shared/failure.js';
import type { RunState } from '../../shared/run.js';
import { lockProject } from '../projects/lock.js';
import { listRuns } from '../projects/projectFolder.js';
import { writeRunFile } from '../projects/runFile.js';

/** States that only a run with a living trainer is in. */
const unfinished: ReadonlySet<RunState> = new Set<RunState>(['idle', 'preparing', 'running', 'paused', 'stopping']);

/**
 * Marks the runs of a project that say that they are going on, though nobody holds the project, as stopped: their machine was switched
 * off, or everything was killed at once. Does nothing to a project that is held, or on a disk that cannot be written to.
 */
export async function mendRuns(projectDir: string): Promise<void> {
  const stale = (await listRuns(projectDir)).filter(({ file }) => unfinished.has(file.state));
  if (stale.length === 0) return;
  const lock = lockProject(projectDir);
  if (!lock.ok) return;
  try {
    for (const { dir, file } of stale) await writeRunFile(dir, { ...file, state: 'stopped' });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
  } finally {
    lock.value.dispose();
  }
}
