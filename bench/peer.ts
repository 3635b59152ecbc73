import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Disposable } from '../shared/lifecycle.js';

/** The repository: this file runs from dist/bench. */
export const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The Python with TensorFlow and PyTorch, or null when `npm run bench -- peers` has not been run. */
export function peerPython(): string | null {
  const named = process.env['MORPHOSCOPE_PEERS'];
  const own = join(repository, '.peers', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (named) return named;
  return existsSync(own) ? own : null;
}

/** A peer's program that answers each line of input with one number; idle in between, so that both sides measure alone. */
export class Peer implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;

  private constructor(python: string, program: string, args: readonly string[]) {
    const env = { ...process.env };
    // Some machines force an old OpenBLAS kernel on every program: not on the peers.
    delete env['OPENBLAS_CORETYPE'];
    delete env['OPENBLAS_L2_SIZE'];
    this.#child = spawn(python, [join(repository, 'bench', 'peers', program), ...args], { env });
    this.#lines = createInterface(this.#child.stdout);
    this.#answers = this.#lines[Symbol.asyncIterator]();
    this.#child.stderr.resume();
  }

  /** Starts a program of bench/peers and waits until it is ready; null when there is no Python for it. */
  static async start(program: string, args: readonly string[]): Promise<Peer | null> {
    const python = peerPython();
    if (!python) return null;
    const peer = new Peer(python, program, args);
    for (;;) {
      const line = await peer.#answers.next();
      if (line.done) {
        peer.dispose();
        return null;
      }
      if (line.value === 'ready') return peer;
    }
  }

  /** The number that the program measures for `count`. */
  async measure(count: number): Promise<number> {
    this.#child.stdin.write(`${count}\n`);
    for (;;) {
      const line = await this.#answers.next();
      if (line.done) throw new Error('The peer ended.');
      const value = Number(line.value);
      if (Number.isFinite(value)) return value;
    }
  }

  dispose(): void {
    this.#lines.close();
    this.#child.kill();
  }
}
