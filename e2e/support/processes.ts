import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** What a process has started, and what that has started, as `ps` lists it. */
export function descendants(root: number): readonly Process[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
      return { pid: Number(pid), parent: Number(parent), command: command! };
    });
  const under = (pid: number): readonly Process[] => all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...under(child.pid)]);
  return under(root);
}

/**
 * Ends a program and what it has started at once: nothing is waited for that a test still looks at, and how they end in order is tested
 * elsewhere (main/shells/cli).
 */
export async function endAtOnce(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  const started = descendants(program.pid!);
  program.kill('SIGKILL');
  for (const { pid } of started) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch { /* It has ended by itself meanwhile. */ }
  }
  await ended;
}
