import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { failure, FailureError } from '../../shared/failure.js';
import type { NativeInstallation } from '../../shared/native.js';
import { say } from '../../shared/sentence.js';
import { unavailable } from './failures.js';
import { platformProblem } from './platform.js';
import { askPython } from './python.js';
import { isSupported, release, supportedVersions, wheelsFor, type Wheel } from './release.js';
import { findTool } from './runTool.js';

/** A TensorFlow that lies on this machine already. It is used where it is. */
export interface FoundTensorFlow {
  readonly kind: 'folder' | 'python';
  /** `unknown` where nothing tells before it is loaded. */
  readonly version: string;
  readonly flavour: NativeInstallation['flavour'];
  readonly dir: string;
  /** Paths of libtensorflow_cc (or libtensorflow) and libtensorflow_framework. */
  readonly main: readonly [string, string];
  /** Libraries of CUDA that were installed beside it. */
  readonly cuda: readonly string[];
  /** Folder of its C headers. */
  readonly include: string;
}

/** A TensorFlow that is fetched from the index that pip is set to. */
export interface FetchedTensorFlow {
  readonly kind: 'wheel';
  readonly version: string;
  readonly flavour: NativeInstallation['flavour'];
  readonly wheels: readonly Wheel[];
  /** The python3 whose pip fetches them. */
  readonly python: string;
}

export type TensorFlowSource = FoundTensorFlow | FetchedTensorFlow;

/**
 * Where TensorFlow is to come from: the folder that MORPHOSCOPE_TENSORFLOW names, else the one of the python3 on the PATH, else wheels.
 *
 * @throws FailureError with what is missing and what to do
 */
export async function findSource(signal?: AbortSignal): Promise<TensorFlowSource> {
  const named = process.env['MORPHOSCOPE_TENSORFLOW'];
  if (named) return namedSource(named);
  const problem = platformProblem();
  if (problem !== null) throw unavailable(problem);
  const python = await askPython(signal);
  const present = python?.tensorflow;
  if (present && isSupported(present.version)) {
    const found = lookInto(present.dir, 'python', present.version);
    if (found) return found;
  }
  if (!python) throw unavailable(say('native.noPython'));
  if (!python.hasPip) throw unavailable(say('native.noPip', python.program));
  const hasGpu = hasNvidiaDriver();
  const wheels = wheelsFor(process.arch, hasGpu);
  if (!wheels) throw unavailable(say('native.nobodyBuilds', process.arch));
  return { kind: 'wheel', version: release, flavour: wheels.length > 1 ? 'cuda' : 'cpu', wheels, python: python.program };
}

function namedSource(dir: string): FoundTensorFlow {
  const found = lookInto(resolve(dir), 'folder', null);
  if (!found) throw new FailureError(failure('not-found', say('native.unavailable', say('native.namedEmpty', dir))));
  if (found.version !== 'unknown' && !isSupported(found.version)) {
    throw unavailable(say('native.namedVersion', found.version, ...supportedVersions));
  }
  return found;
}

/** Names of the libraries by platform, the one that is linked against first. The C library is a TensorFlow without its C++ interface. */
const libraryNames: Partial<Record<NodeJS.Platform, { readonly main: readonly string[]; readonly framework: string }>> = {
  linux: { main: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'], framework: 'libtensorflow_framework.so.2' },
  darwin: { main: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'], framework: 'libtensorflow_framework.2.dylib' },
};

/** The libraries and headers in the folder of a Python package or of an unpacked C library; null when they are not all there. */
function lookInto(dir: string, kind: 'folder' | 'python', known: string | null): FoundTensorFlow | null {
  const names = libraryNames[process.platform];
  const include = join(dir, 'include');
  if (!names || !existsSync(join(include, 'tensorflow', 'c', 'c_api.h'))) return null;
  for (const folder of [dir, join(dir, 'lib')]) {
    const main = names.main.map((name) => join(folder, name)).find((path) => existsSync(path));
    const framework = join(folder, names.framework);
    if (main === undefined || !existsSync(framework)) continue;
    const cuda = cudaBeside(dir);
    const flavour = cuda.length > 0 && hasNvidiaDriver() ? 'cuda' : 'cpu';
    return { kind, version: known ?? versionOf(dir, main), flavour, dir, main: [main, framework], cuda, include };
  }
  return null;
}

/** The version that pip has written beside a Python package, or the one in the full name of a library. */
function versionOf(dir: string, library: string): string {
  const beside = readdirSync(dirname(dir)).map((name) => /^tensorflow(?:_cpu)?-([\d.]+)[^-]*\.dist-info$/.exec(name)?.[1]);
  const named = /\.(\d+\.\d+\.\d+)(?:\.dylib)?$/.exec(basename(realpathSync(library)))?.[1];
  return beside.find((version) => version !== undefined) ?? named ?? 'unknown';
}

/** NVIDIA's own wheels lie beside TensorFlow's: `nvidia/PART/lib/`. */
function cudaBeside(dir: string): readonly string[] {
  const nvidia = join(dirname(dir), 'nvidia');
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .map((part) => join(nvidia, part, 'lib'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => /\.so(\.\d+)*$/.test(name)).map((name) => join(folder, name)));
}

/** Whether the driver of an NVIDIA GPU is there. Under WSL it is the one of Windows, and only its tool tells. */
function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || findTool(['nvidia-smi']) !== null;
}
