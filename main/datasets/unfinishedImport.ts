import { rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Where an import writes until it is whole: a folder beside `target`. The name is fixed: an import is alone in its project, and
 * the next one finds what a killed one left.
 */
export function unfinishedImport(target: string): string {
  return join(dirname(resolve(target)), `.${basename(resolve(target))}.importing`);
}

/** Removes what an importer that was killed left beside `target`. Harmless when there is nothing. Needs no decoder. */
export function removeUnfinishedImport(target: string): void {
  rmSync(unfinishedImport(target), { recursive: true, force: true });
}
