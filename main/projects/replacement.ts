import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockProject } from './lock.js';
import type { Project } from './projectFolder.js';

type Place = Pick<Project, 'dir' | 'datasetDir'>;

/** Where a dataset is imported to that is to take the place of the one that the project has. */
export function replacementDir({ dir }: Place): string {
  return join(dir, 'dataset.new');
}

/** Where the dataset of the project is while its replacement takes its place. */
function setAsideDir({ dir }: Place): string {
  return join(dir, 'dataset.old');
}

/**
 * Puts the replacement, which must be complete, in the place of the project's dataset and removes that. Cut off at any point, it leaves
 * one of the two in the place, or what `mendReplacement` puts there. Whoever calls it holds the project. Throws errors of the system.
 */
export function takeReplacement(project: Place): void {
  renameSync(project.datasetDir, setAsideDir(project));
  renameSync(replacementDir(project), project.datasetDir);
  rmSync(setAsideDir(project), { recursive: true, force: true });
}

/** Gives a project whose replacement was cut off its dataset back, and clears away what is left. Does nothing while somebody holds it. */
export function mendReplacement(project: Place): void {
  const [replacement, setAside] = [replacementDir(project), setAsideDir(project)];
  if (!existsSync(replacement) && !existsSync(setAside)) return;
  const lock = lockProject(project.dir);
  if (!lock.ok) return;
  try {
    if (existsSync(setAside) && !existsSync(project.datasetDir)) renameSync(setAside, project.datasetDir);
    for (const left of [replacement, setAside]) rmSync(left, { recursive: true, force: true });
  } finally {
    lock.value.dispose();
  }
}
