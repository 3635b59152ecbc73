import { lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIsAlive } from '../../../projects/processIsAlive.js';

const prefix = 'morphoscope-drops-';

/** The folder below the system's temporary one in which a server keeps what is dropped on it; only this user can enter it. */
export class DropRoot {
  readonly dir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));

  /** A new folder for one drop. */
  newDrop(): Promise<string> {
    return mkdtemp(join(this.dir, 'drop-'));
  }

  /** Removes everything. */
  dispose(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}

/** Removes what servers of this user that were killed have left behind. */
export async function removeStaleDrops(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^morphoscope-drops-(\d+)-/.exec(name)?.[1];
    const path = join(tmpdir(), name);
    if (pid !== undefined && !processIsAlive(Number(pid)) && isOurs(path)) await rm(path, { recursive: true, force: true });
  }
}

/** A folder that somebody else has put there is not entered: it could be exchanged for a link meanwhile. */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}
