import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a program as Ctrl-C does, and by force when it has not ended after `patienceMs`. */
export async function endProgram(program: ChildProcess, patienceMs: number): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGINT');
  const deadline = setTimeout(() => program.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(deadline);
}
