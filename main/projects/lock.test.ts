import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockProject } from './lock.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'morphoscope-lock-'));
const deadPid = 4_194_999;

function writeLock(dir: string, holder: object | string): void {
  writeFileSync(join(dir, '.lock'), typeof holder === 'string' ? holder : JSON.stringify({ host: hostname(), since: '2026-01-01', processStart: null, ...holder }));
}

test('a project is held once, released by disposing, and leaves no file', () => {
  const dir = folder();
  const first = lockProject(dir);
  expect(first.ok).toBe(true);
  const second = lockProject(dir);
  expect(second).toMatchObject({ ok: false, error: { code: 'busy', message: expect.stringContaining(`process ${process.pid}`) } });
  if (first.ok) {
    first.value.dispose();
    expect(readdirSync(dir)).toEqual([]);
    const third = lockProject(dir);
    first.value.dispose();
    expect(existsSync(join(dir, '.lock'))).toBe(true);
    if (third.ok) third.value.dispose();
  }
  expect(readdirSync(dir)).toEqual([]);
});

test('a lock of a living process is respected; of a dead one, of a reused process id and of nobody it is taken over', () => {
  const dir = folder();
  const parentStart = (pid: number): string => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  };
  const living = { pid: process.ppid, processStart: process.platform === 'linux' ? parentStart(process.ppid) : null };
  writeLock(dir, living);
  expect(lockProject(dir)).toMatchObject({ ok: false, error: { code: 'busy', message: expect.stringContaining(`process ${process.ppid}, since 2026-01-01`) } });
  for (const stale of [{ pid: deadPid }, { ...living, processStart: 'another boot 5' }, { pid: process.pid }, '', '{"pid":0}']) {
    writeLock(dir, stale);
    const taken = lockProject(dir);
    expect(taken.ok).toBe(true);
    if (taken.ok) taken.value.dispose();
    expect(readdirSync(dir)).toEqual([]);
  }
});

test('a lock from another machine is believed, and the sentence names machine and file', () => {
  const dir = folder();
  writeLock(dir, { pid: deadPid, host: 'elsewhere' });
  expect(lockProject(dir)).toMatchObject({
    ok: false,
    error: { code: 'busy', message: expect.stringMatching(/process 4194999 on elsewhere.*delete .*\.lock/) },
  });
});

test('the lock goes when the process exits', () => {
  const dir = folder();
  const before = process.listeners('exit');
  const lock = lockProject(dir);
  const added = process.listeners('exit').filter((listener) => !before.includes(listener));
  for (const listener of added) listener(0);
  expect(readdirSync(dir)).toEqual([]);
  if (lock.ok) lock.value.dispose();
  expect(process.listeners('exit')).toEqual(before);
});

test('a missing folder is a sentence', () => {
  expect(lockProject('/nonexistent-folder')).toMatchObject({ ok: false, error: { code: 'not-found', message: 'The folder /nonexistent-folder does not exist.' } });
});
