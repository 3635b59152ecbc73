import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, FailureError } from '../../shared/failure.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { unavailable } from './failures.js';
import { findTool, runTool } from './runTool.js';

/** Where a binding comes from: compiled from the packages of a checkout, or carried by a packaged app. */
export type BindingRecipe =
  | { readonly kind: 'compile'; readonly compiler: string; readonly sources: string; readonly nodeHeaders: string }
  | { readonly kind: 'copy'; readonly file: string };

/** What a packaged app carries, made by scripts/buildBinding.mjs. */
const readyMade = fileURLToPath(new URL('../../native/tfjs_binding.node', import.meta.url));

/** @throws FailureError when it can neither be compiled nor copied */
export function findBindingRecipe(): BindingRecipe {
  const { resolve } = createRequire(import.meta.url);
  let packages;
  try {
    packages = { sources: dirname(resolve('@tensorflow/tfjs-node-gpu/package.json')), nodeHeaders: dirname(resolve('node-api-headers/package.json')) };
  } catch {
    if (existsSync(readyMade)) return { kind: 'copy', file: readyMade };
    throw unavailable(say('native.notPackaged'));
  }
  const compiler = findTool(['c++', 'g++', 'clang++']);
  if (compiler === null) throw unavailable(say('native.noCompiler'));
  return { kind: 'compile', compiler, ...packages };
}

export interface BindingTarget {
  /** Folder with the libraries in lib/; the binding comes into binding/, and finds them from there wherever both are moved together. */
  readonly dir: string;
  /** The libraries to link against. */
  readonly libraries: readonly string[];
  /** TensorFlow's C headers. */
  readonly include: string;
  /** Tells one TensorFlow from another. */
  readonly version: string;
  /** Folder where what was compiled is kept for the next time. */
  readonly kept: string;
  readonly signal: AbortSignal;
}

/**
 * Puts the binding of @tensorflow/tfjs-node-gpu beside the libraries.
 *
 * @returns its path
 * @throws FailureError `resources` when it does not compile, `cancelled`
 */
export async function buildBinding(recipe: BindingRecipe, target: BindingTarget): Promise<string> {
  const path = join(target.dir, 'binding', 'tfjs_binding.node');
  await mkdir(dirname(path), { recursive: true });
  await copyFile(recipe.kind === 'copy' ? recipe.file : await compile(recipe, target), path);
  return path;
}

/** Compiles what was not compiled before, and returns where it is kept. */
async function compile(recipe: BindingRecipe & { readonly kind: 'compile' }, target: BindingTarget): Promise<string> {
  const { compiler, sources, nodeHeaders } = recipe;
  const folder = join(sources, 'binding');
  const files = readdirSync(folder).sort();
  const hash = createHash('sha256').update(JSON.stringify([target.version, target.include, compiler, process.platform, process.arch]));
  for (const name of files) hash.update(readFileSync(join(folder, name)));
  const kept = join(target.kept, `${hash.digest('hex').slice(0, 16)}.node`);
  if (existsSync(kept)) return kept;

  await mkdir(target.kept, { recursive: true });
  const partial = `${kept}.${process.pid}`;
  const isMac = process.platform === 'darwin';
  const args = [
    '-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8',
    '-I', join(nodeHeaders, 'include'), '-I', target.include, '-I', sources,
    ...files.filter((name) => name.endsWith('.cc')).map((name) => join(folder, name)),
    ...target.libraries,
    // Node-API is found in whichever program loads it: Node or Electron.
    ...(isMac ? ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../lib'] : ['-Wl,-rpath,$ORIGIN/../lib']),
    '-o', partial,
  ];
  try {
    const { status, err } = await runTool(compiler, args, { signal: target.signal });
    if (status !== 0) throw new FailureError(failure('resources', whyNotCompiled(compiler, err)));
    await rename(partial, kept);
    return kept;
  } finally {
    await rm(partial, { force: true });
  }
}

function whyNotCompiled(compiler: string, words: string): Sentence {
  const complaint = words.split('\n').find((line) => /error/i.test(line))?.trim();
  return complaint ? say('native.notCompiledBecause', compiler, complaint) : say('native.notCompiled', compiler);
}
