import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { failure, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { systemCode, writeFailure } from './fileFailure.js';
import { processIsAlive } from './processIsAlive.js';

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  host: v.string(),
  /** When the lock was taken, ISO 8601. */
  since: v.string(),
  /** When the process began, in the words of its system; null where that is not known. Tells a reused pid from the holder. */
  processStart: v.nullable(v.string()),
});
type Holder = v.InferOutput<typeof holderSchema>;

const name = '.lock';
/** Locks that this process holds, by path. */
const held = new Set<string>();

/** Takes the project in `dir` for this process: see `lockFolder`. */
export function lockProject(dir: string): Result<Disposable, Failure> {
  return lockFolder(dir, 'open');
}

/**
 * Takes the folder `dir` for this process, until the returned lock is disposed or the process ends. A lock whose process is
 * gone (crashed, killed) is taken over; one from another machine is believed, since its processes cannot be seen from here.
 * Fails with code `busy` and a sentence that names the holder.
 *
 * @param what is done to it while it is locked, for that sentence
 */
export function lockFolder(dir: string, what: 'open' | 'installing'): Result<Disposable, Failure> {
  const path = join(resolve(dir), name);
  // Written aside and linked into place: a lock is never seen half-written, and linking fails when there is one.
  const own = `${path}.${process.pid}`;
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), processStart: processStart(process.pid) };
  const content = JSON.stringify(holder);
  try {
    writeFileSync(own, content);
    while (!link(own, path, content)) {
      const other = readFile(path);
      if (other !== undefined && isHeld(path, other)) return err(busy(what, path, other));
      removeStale(path, other);
    }
    held.add(path);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      process.off('exit', release);
      held.delete(path);
      rmSync(path, { force: true });
    };
    process.on('exit', release);
    return ok({ dispose: release });
  } catch (error) {
    return err(writeFailure(error, path));
  } finally {
    rmSync(own, { force: true });
  }
}

/** True when the lock was made; false when there is one. */
function link(from: string, path: string, content: string): boolean {
  try {
    linkSync(from, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(systemCode(error) ?? '')) throw error;
    return createDirectly(path, content);
  }
  return true;
}

/** For disks without hard links (FAT on a stick). */
function createDirectly(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose content was `seen`. Two processes may do so at once and one of them may already have taken the project, so
 * the lock is moved aside first, looked at again, and put back when it is not the stale one.
 */
function removeStale(path: string, seen: string | undefined): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readFile(aside);
  if (moved !== undefined && moved !== seen) link(aside, path, moved);
  rmSync(aside, { force: true });
}

function isHeld(path: string, content: string): boolean {
  const holder = parse(content);
  if (holder === undefined) return false;
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid) return held.has(path);
  return processIsAlive(holder.pid) && holder.processStart === processStart(holder.pid);
}

function busy(what: 'open' | 'installing', path: string, content: string): Failure {
  const { pid, host, since } = parse(content)!;
  return failure('busy', host === hostname() ? say(`projects.${what}Elsewhere`, pid, since) : say(`projects.${what}OnHost`, pid, host, since, path));
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(content: string): Holder | undefined {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(content));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Start time of a process in clock ticks since boot (proc(5), stat, field 22), with the boot's id; null elsewhere than on Linux. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}
