import { lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIsAlive } from '../../../projects/processIsAlive.js';

const prefix = 'morphoscope-drops-';

/** The folder below the system's temporary one in which a server keeps what is dropped on it; only this user can enter it. */
export class DropRoot {
  #dir: string | null = null;

  /** A new folder for one drop. Throws the system's error when none can be made. */
  async newDrop(): Promise<string> {
    this.#dir ??= mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
    return mkdtemp(join(this.#dir, 'drop-'));
  }

  /** Removes everything. */
  async dispose(): Promise<void> {
    if (this.#dir !== null) await removeFolder(this.#dir);
  }
}

/** Removes a folder in which files may just be written. What cannot be removed now is left for the next start. */
export async function removeFolder(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}

/** Removes what servers of this user that were killed have left behind. */
export async function removeStaleDrops(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : undefined;
    const path = join(tmpdir(), name);
    if (pid !== undefined && !processIsAlive(Number(pid)) && isOurs(path)) await removeFolder(path);
  }
}

/** A folder that somebody else has put there is not entered: it could be exchanged for a link meanwhile. */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}
