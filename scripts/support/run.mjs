import { spawn } from 'node:child_process';

/**
 * Runs a program to its end with our environment.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ stdout?: 'inherit' | 'stderr' | 'collect' | 'ignore', timeoutMs?: number, env?: Record<string, string> }} [options] where its
 *   standard output goes (`ignore`: its messages are dropped, too), when it is ended, and what is added to the environment
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { stdout = 'inherit', timeoutMs, env } = {}) {
  return new Promise((resolve, reject) => {
    const out = { inherit: 'inherit', stderr: process.stderr, collect: 'pipe', ignore: 'ignore' }[stdout];
    const stdio = ['inherit', out, stdout === 'ignore' ? 'ignore' : 'inherit'];
    const child = spawn(command, args, { cwd: root, stdio, timeout: timeoutMs, env: { ...process.env, ...env } });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output }));
  });
}

/** The repository, whatever folder the command was given in. */
export const root = new URL('../..', import.meta.url).pathname.replace(/^\/([A-Za-z]:)/, '$1');

/** Says what a script is doing, on standard error: standard output belongs to the command. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
