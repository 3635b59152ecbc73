import { readdirSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncFolder } from './disk.js';
import type { InstallProgress } from './InstallProgress.js';
import { nativeHome } from './installation.js';
import type { FetchedTensorFlow, FoundTensorFlow } from './source.js';
import { unpackWheel } from './unpackWheel.js';
import { downloadWheels, missingBytes } from './wheels.js';

/** Expected speed of unpacking and of what comes after it, for the time left; a download shows its own. */
const unpackedBytesPerSecond = 100e6;
const compileAndProveSeconds = 15;

/** A TensorFlow that lies in a folder of ours: libraries in lib/, and where its C headers are. */
export interface PlacedTensorFlow {
  /** Libraries to link against. */
  readonly libraries: readonly string[];
  readonly include: string;
}

/** Where wheels that were fetched stay until an installation is complete. */
function wheelsFolder(): string {
  return join(nativeHome(), 'wheels');
}

/** What an installation from this source has to fetch, in bytes, and what it needs of the disk meanwhile. */
export function needsOf(source: FetchedTensorFlow): { readonly downloadBytes: number; readonly diskBytes: number } {
  const downloadBytes = missingBytes(source.wheels, wheelsFolder());
  return { downloadBytes, diskBytes: downloadBytes + unpackedBytes(source) };
}

/** Fetches the wheels and unpacks from them what is needed into `dir`. */
export async function placeFetched(dir: string, source: FetchedTensorFlow, signal: AbortSignal, progress: InstallProgress): Promise<PlacedTensorFlow> {
  const bytes = unpackedBytes(source);
  const download = source.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  progress.begin('downloading', download, bytes / unpackedBytesPerSecond + compileAndProveSeconds);
  const options = { python: source.python, signal, onBytes: (done: number) => progress.advance(done) };
  const wheels = await downloadWheels(source.wheels, wheelsFolder(), options);

  progress.begin('unpacking', bytes, compileAndProveSeconds);
  let done = 0;
  for (const wheel of wheels) await unpackWheel(wheel, dir, { signal, onBytes: (more) => progress.advance((done += more)) });
  await syncFolder(join(dir, 'lib'));
  return { libraries: librariesToLink(join(dir, 'lib')), include: join(dir, 'include') };
}

/** Links the libraries of a TensorFlow that is there, and of CUDA beside it, into lib/ of `dir`. */
export async function placeFound(dir: string, { main, cuda, include }: FoundTensorFlow): Promise<PlacedTensorFlow> {
  const lib = join(dir, 'lib');
  await mkdir(lib, { recursive: true });
  for (const path of [...main, ...cuda]) await symlink(path, join(lib, basename(path)));
  // The name by which a binding that was made elsewhere asks for it.
  const [library] = main;
  const alias = basename(library).replace(/^libtensorflow\./, 'libtensorflow_cc.');
  if (alias !== basename(library)) await symlink(library, join(lib, alias));
  return { libraries: librariesToLink(lib), include };
}

function unpackedBytes({ wheels }: FetchedTensorFlow): number {
  return wheels.reduce((sum, wheel) => sum + wheel.unpackedBytes, 0);
}

function librariesToLink(lib: string): readonly string[] {
  return readdirSync(lib).filter((name) => /^libtensorflow_(cc|framework)\./.test(name)).sort().map((name) => join(lib, name));
}
