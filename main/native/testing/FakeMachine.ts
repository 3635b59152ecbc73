import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import type { Disposable } from '../../../shared/lifecycle.js';

/** A machine that has nothing on its PATH but what a test puts there, and a cache folder of its own. */
export class FakeMachine implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'morphoscope-native-'));
  readonly cache = join(this.folder, 'cache');
  readonly native = join(this.cache, 'native');
  readonly #bin = join(this.folder, 'bin');

  constructor() {
    mkdirSync(this.#bin);
    vi.stubEnv('PATH', this.#bin);
    vi.stubEnv('MORPHOSCOPE_CACHE', this.cache);
    this.name(undefined);
  }

  /** Has MORPHOSCOPE_TENSORFLOW name this folder, or none. */
  name(dir: string | undefined): void {
    vi.stubEnv('MORPHOSCOPE_TENSORFLOW', dir);
  }

  /** Puts a program on the PATH: lines of a shell script that has the system's own tools. */
  tool(name: string, ...lines: string[]): void {
    const path = join(this.#bin, name);
    writeFileSync(path, ['#!/bin/sh', 'PATH=/usr/bin:/bin', ...lines, ''].join('\n'));
    chmodSync(path, 0o755);
  }

  /** A python3 that says this of itself, and runs these lines when it is asked for anything else (`$@`: -m pip download ...). */
  python(answer: { readonly hasPip: boolean; readonly tensorflow: { readonly dir: string; readonly version: string } | null }, ...pip: string[]): void {
    this.tool('python3', `[ "$1" = -c ] && { echo '${JSON.stringify(answer)}'; exit 0; }`, ...pip);
  }

  /** A C++ compiler that makes its output of its arguments, and counts how often it was called in the file `compiled`. */
  compiler(): void {
    this.tool('c++', `echo x >> ${join(this.folder, 'compiled')}`, 'for last; do :; done', 'echo "$@" > "$last"');
  }

  /** Writes files with their own names as content; a TensorFlow is two libraries and a header. */
  files(...names: string[]): void {
    for (const name of names) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, name);
    }
  }

  /** A TensorFlow such as pip installs, in `site/tensorflow`, of that version when one is given; the folder of it. */
  tensorflow(version?: string): string {
    this.files('site/tensorflow/libtensorflow_cc.so.2', 'site/tensorflow/libtensorflow_framework.so.2', 'site/tensorflow/include/tensorflow/c/c_api.h');
    if (version !== undefined) this.files(`site/tensorflow_cpu-${version}.dist-info/METADATA`);
    return join(this.folder, 'site', 'tensorflow');
  }

  dispose(): void {
    vi.unstubAllEnvs();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
