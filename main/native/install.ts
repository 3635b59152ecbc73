import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Failure } from '../../shared/failure.js';
import type { NativeOffer, NativeProgress } from '../../shared/native.js';
import type { Result } from '../../shared/result.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { replaceFile } from '../projects/atomicFile.js';
import { buildBinding, findBindingRecipe } from './buildBinding.js';
import { bytesBelow, checkRoom, removeAllBut, syncFolder, whileLocked } from './disk.js';
import { cancelled, unavailable } from './failures.js';
import { InstallProgress } from './InstallProgress.js';
import { describeFile, inspectInstallation, installedFile, nativeHome, type InstalledNative } from './installation.js';
import { needsOf, placeFetched, placeFound } from './place.js';
import type { NativeProof } from './proof.js';
import { isSupported, supportedVersions } from './release.js';
import { findSource, type TensorFlowSource } from './source.js';

/** Loads a binding in a process that finds these folders of libraries, and says what it saw there. */
export type Prove = (binding: string, libraries: readonly string[], signal: AbortSignal) => Promise<Result<NativeProof, Failure>>;

export interface InstallOptions {
  readonly prove: Prove;
  readonly signal: AbortSignal;
  /** Hears of progress ten times a second at most. */
  onProgress(progress: NativeProgress): void;
}

/** What the binding and the headers take. */
const spareBytes = 2e6;

/**
 * What `installNative` would do here.
 *
 * @throws FailureError when it would fail, with the reason
 */
export async function offerNative(): Promise<NativeOffer> {
  const source = await findSource();
  findBindingRecipe();
  const offer = offerOf(source);
  await checkRoom(offer.diskBytes);
  return offer;
}

/**
 * Gets TensorFlow, compiles the binding, has it proved and only then writes that it is installed; nothing is done when it is already.
 * What was fetched stays for the next try when it is cancelled or fails.
 *
 * @throws FailureError
 */
export async function installNative({ prove, signal, onProgress }: InstallOptions): Promise<InstalledNative> {
  return inspectInstallation().installed ?? whileLocked(async () => {
    const progress = new InstallProgress(onProgress);
    progress.begin('looking');
    const source = await findSource(signal);
    const recipe = findBindingRecipe();
    await checkRoom(offerOf(source).diskBytes);

    const partial = join(nativeHome(), 'partial');
    const kept = join(nativeHome(), 'bindings');
    await rm(partial, { recursive: true, force: true });
    const placed = source.kind === 'wheel' ? await placeFetched(partial, source, signal, progress) : await placeFound(partial, source);
    progress.begin('compiling');
    const binding = await buildBinding(recipe, { dir: partial, ...placed, version: source.version, kept, signal });
    progress.begin('proving');
    const proof = await proved(prove(binding, [join(partial, 'lib')], signal), signal);

    const dir = join(nativeHome(), [proof.version, source.flavour, process.arch].join('-'));
    await rm(dir, { recursive: true, force: true });
    await rename(partial, dir);
    await syncFolder(nativeHome());
    const moved = (path: string): string => join(dir, relative(partial, path));
    const installed: InstalledNative = {
      version: proof.version,
      flavour: source.flavour,
      source: source.kind,
      dir: source.kind === 'wheel' ? dir : source.dir,
      bytes: bytesBelow(dir),
      devices: [...proof.devices],
      binding: moved(binding),
      libraries: [join(dir, 'lib')],
      gpuProblem: source.flavour === 'cuda' && proof.devices.length < 2 ? whyNoGpu(proof) : null,
      files: [...placed.libraries, binding].map(moved).map(describeFile),
    };
    await replaceFile(installedFile(), `${JSON.stringify(installed, null, 2)}\n`);
    await removeAllBut([dir, kept, installedFile()].map((path) => basename(path)));
    return installed;
  });
}

/** Takes everything of the native backend off the disk; a process that has loaded it keeps it until it ends. */
export async function removeNative(): Promise<void> {
  if (!existsSync(nativeHome())) return;
  await whileLocked(async () => {
    await rm(installedFile(), { force: true });
    await removeAllBut([]);
  });
}

function offerOf(source: TensorFlowSource): NativeOffer {
  const { version, flavour, kind } = source;
  const { downloadBytes, diskBytes } = source.kind === 'wheel' ? needsOf(source) : { downloadBytes: 0, diskBytes: 0 };
  return { version, flavour, source: kind, downloadBytes, diskBytes: diskBytes + spareBytes };
}

async function proved(proving: ReturnType<Prove>, signal: AbortSignal): Promise<NativeProof> {
  const proof = await proving;
  if (signal.aborted) throw cancelled();
  if (!proof.ok) throw unavailable(say('native.gotUnusable', proof.error));
  if (isSupported(proof.value.version)) return proof.value;
  throw unavailable(say('native.gotVersion', proof.value.version, ...supportedVersions));
}

/** TensorFlow itself is silent about it. */
function whyNoGpu({ missing }: NativeProof): Sentence {
  return missing.length > 0 ? say('native.gpuLibraries', missing.join('; ')) : say('native.gpuUnseen');
}
