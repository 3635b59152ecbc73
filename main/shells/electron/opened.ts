import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The files and folders that a start of the program names.
 *
 * @param argv the command line, the program itself first
 * @param folder what relative paths start from
 * @param isPackaged else the second word is the path of the program
 */
export function pathsNamed(argv: readonly string[], folder: string, isPackaged: boolean): readonly string[] {
  return argv
    .slice(isPackaged ? 1 : 2)
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => resolve(folder, word))
    .filter((path) => existsSync(path));
}
