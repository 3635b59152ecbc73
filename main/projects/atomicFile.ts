import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FailureError } from '../../shared/failure.js';
import { systemCode, writeFailure } from './fileFailure.js';
import { processIsAlive } from './processIsAlive.js';

let written = 0;

/**
 * Replaces the file at `path` as a whole: a reader sees the old content or the new, never a part, and once the promise is
 * fulfilled the new one survives a loss of power. Throws a `FailureError` when the folder is missing, the disk is full, ...; the
 * old file is then as it was.
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}-${++written}.partial`);
  try {
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    // What could not be removed is a leftover; the first error is the one to tell.
    await rm(partial, { force: true }).catch(() => undefined);
    throw new FailureError(writeFailure(error, path));
  }
}

/** Removes what `replaceFile` left in the folder when its process died; files that a living process is writing stay. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\..+\.(\d+)-\d+\.partial$/.exec(name)?.[1];
    if (pid !== undefined && !processIsAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

/** Windows refuses to rename over a file that somebody (a virus scanner, a reader) has open for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const passing = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
      if (!passing || attempt === 10) throw error;
      await sleep(10 * attempt);
    }
  }
}

/** Makes the renaming itself durable. Windows has no such call for folders and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
