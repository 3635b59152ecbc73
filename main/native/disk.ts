import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import { fileFailure, systemCode } from '../projects/fileFailure.js';
import { lockFolder } from '../projects/lock.js';
import { unavailable } from './failures.js';
import { nativeHome } from './installation.js';

/** Does work on `nativeHome()` while no other process does, and tells what its disk refuses in a sentence. */
export async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const home = nativeHome();
  try {
    await mkdir(home, { recursive: true });
    const lock = lockFolder(home, 'installing');
    if (!lock.ok) throw new FailureError(lock.error);
    try {
      return await work();
    } finally {
      lock.value.dispose();
    }
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new FailureError(fileFailure(error, (error as NodeJS.ErrnoException).path ?? home));
  }
}

/** @throws FailureError when the disk that `nativeHome()` is on, or would be on, has less room */
export async function checkRoom(bytes: number): Promise<void> {
  let folder = nativeHome();
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw unavailable(say('native.noRoom', gigabytes(bytes), folder, gigabytes(bavail * bsize)));
}

/** What a folder of our own takes; a link to somebody else's file takes nothing. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

/** Makes what was made or renamed in a folder survive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes from `nativeHome()` everything but these and what keeps other processes out. */
export async function removeAllBut(kept: readonly string[]): Promise<void> {
  for (const name of await readdir(nativeHome())) {
    if (!kept.includes(name) && !name.startsWith('.lock')) await rm(join(nativeHome(), name), { recursive: true, force: true });
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
