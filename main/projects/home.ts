import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const projectEnding = '.morphoscope';

/** The user's projects folder: `MORPHOSCOPE_HOME` where it is set, else Morphoscope in the home folder. It need not exist. */
export function projectsHome(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['MORPHOSCOPE_HOME'] || join(homedir(), 'Morphoscope'));
}

/** A path in `home` where nothing is: NAME.morphoscope, or NAME 2.morphoscope and so on. The name is made safe. */
export function freeProjectPath(home: string, name: string): string {
  const safe = safeName(name);
  for (let number = 1; ; number++) {
    const path = join(home, `${safe}${number > 1 ? ` ${number}` : ''}${projectEnding}`);
    if (!existsSync(path)) return path;
  }
}

/** Bytes of a name at most: file systems allow 255 for a name, and the ending, a number and temporary names need room. */
const mostBytes = 120;
/** Names that Windows keeps for devices, whatever their ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/**
 * The name as every file system takes it: without separators, control characters and what Windows refuses, not ending in a dot or
 * space, not too long, and not empty. Letters of all scripts stay.
 */
export function safeName(name: string): string {
  let safe = trimmed(
    name
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\/:*?"<>|\uFFFD]+/gu, ' ')
      .replace(/\s+/g, ' '),
  );
  while (Buffer.byteLength(safe) > mostBytes) safe = trimmed([...safe].slice(0, -1).join(''));
  if (safe === '') return 'images';
  return reserved.test(safe) ? `_${safe}` : safe;
}

/** Without dots and spaces at its ends: a leading dot hides a folder, Windows drops trailing ones. */
function trimmed(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '');
}
