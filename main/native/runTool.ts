import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { failure, FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import { cancelled } from './failures.js';

/** How a program of the system ended. */
export interface ToolEnd {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** More than the last part of a long output tells nobody anything. */
const mostOutput = 1 << 16;

/** The first of these programs that the PATH has; null when it has none. */
export function findTool(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

/**
 * Runs a program of the system to its end.
 *
 * @param env added to the environment of this process
 * @throws FailureError `cancelled` when `signal` aborts it, with everything that it has started; `resources` when it does not start
 */
export function runTool(
  program: string,
  args: readonly string[],
  { env = {}, signal }: { readonly env?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined } = {},
): Promise<ToolEnd> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    // In a group of its own, so that a compiler's passes end with it. At the root, where no file is taken for a module of Python.
    const child = spawn(program, args, { cwd: '/', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out = (output.out + text).slice(-mostOutput)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err = (output.err + text).slice(-mostOutput)));
    const kill = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const settle = (act: () => void): void => {
      signal?.removeEventListener('abort', kill);
      process.off('exit', kill);
      act();
    };
    signal?.addEventListener('abort', kill);
    process.on('exit', kill);
    child.on('error', ({ message }) => settle(() => reject(new FailureError(failure('resources', say('native.notStarted', program, message))))));
    child.on('close', (status) => settle(() => (signal?.aborted ? reject(cancelled()) : resolve({ status, ...output }))));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
