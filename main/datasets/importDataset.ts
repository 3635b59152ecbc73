import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatasetSummary, ImportProgress, ImportRequest, SkippedFile } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { failure, FailureError } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import { err, ok } from '../../shared/result.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { collectFiles } from './sources/collectFiles.js';
import { summarise, syncFolder, writeDescription } from './describeDataset.js';
import { chooseIdxFiles, mnistSource } from './sources/idxSource.js';
import type { Imported, Workplace } from './imported.js';
import { importIdx } from './importIdx.js';
import { importPictures } from './importPictures.js';
import { importShapes } from './importShapes.js';
import { inspectFiles } from './sources/inspectFiles.js';
import { Pace } from './pace.js';
import { sampleFolder } from './sources/samples.js';
import { removeUnfinishedImport, unfinishedImport } from './unfinishedImport.js';
import { systemErrorCode } from './sources/sourceFile.js';

export interface ImportHooks {
  /** At most ten times a second, and once at the end of each phase. */
  onProgress?(progress: ImportProgress): void;
  /** Called before a file is given to a native decoder, so that a crash can be laid at its door. */
  onDecoding?(name: string): void;
  /** Ends the import, which then fails with `cancelled` and leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Files that must not be decoded, with the reason to report: those that crashed an earlier importer. */
  readonly refused?: ReadonlyMap<string, Sentence>;
  /** Decode one file at a time, so that after a crash the last one announced is the culprit. */
  readonly oneAtATime?: boolean;
}

/**
 * Imports a source into the folder `target`, which must not exist or be empty. It appears whole (written beside its place,
 * flushed, renamed) or not at all: whatever goes wrong, what was written is removed.
 *
 * Failures: `usage` (impossible request), `not-found`, `bad-data` (fewer than two usable images, an IDX file at odds with
 * itself), `cancelled`, `resources` (disk full, no permission).
 */
export async function importDataset(
  request: ImportRequest,
  target: string,
  hooks: ImportHooks = {},
): Promise<Result<DatasetSummary, Failure>> {
  const owned = new DisposableStore();
  try {
    checkRequest(request);
    const pace = new Pace(hooks.onProgress?.bind(hooks), hooks.signal);
    pace.check();
    const staging = prepareStaging(target);
    owned.defer(() => removeUnfinishedImport(target));
    const place: Workplace = { dataset: join(staging, 'dataset'), scratch: join(staging, 'scratch') };
    mkdirSync(place.dataset, { recursive: true });
    mkdirSync(place.scratch);

    const imported = await importSource(request, place, hooks, owned, pace);
    const summary = summarise(imported);
    pace.check();
    writeDescription(place.dataset, summary, imported);
    if (existsSync(target)) rmdirSync(target);
    renameSync(place.dataset, target);
    syncFolder(dirname(resolve(target)));
    return ok(summary);
  } catch (error) {
    return err(toFailure(error));
  } finally {
    owned.dispose();
  }
}

function prepareStaging(target: string): string {
  if (!statSync(dirname(resolve(target)), { throwIfNoEntry: false })?.isDirectory()) {
    throw new FailureError(failure('not-found', say('datasets.noTarget', dirname(resolve(target)))));
  }
  if (existsSync(target) && !(statSync(target).isDirectory() && readdirSync(target).length === 0)) {
    throw new FailureError(failure('usage', say('datasets.targetTaken', target)));
  }
  removeUnfinishedImport(target);
  return unfinishedImport(target);
}

function checkRequest({ source, size, channels, limit, seed }: ImportRequest): void {
  const fail = (sentence: Sentence): never => {
    throw new FailureError(failure('usage', sentence));
  };
  if (size !== 'auto' && !(Number.isInteger(size) && size >= 1 && size <= 256)) fail(say('datasets.badSize'));
  if (channels !== 'auto' && channels !== 1 && channels !== 3) fail(say('datasets.badChannels'));
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 2)) fail(say('datasets.badLimit'));
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) fail(say('datasets.badSeed'));
  if (source.kind === 'paths' && source.paths.length === 0) fail(say('datasets.noFiles'));
}

async function importSource(
  request: ImportRequest,
  place: Workplace,
  hooks: ImportHooks,
  owned: DisposableStore,
  pace: Pace,
): Promise<Imported> {
  const { source } = request;
  if (source.kind === 'sample' && source.sample === 'shapes') return importShapes(request, place, owned, pace);
  if (source.kind === 'sample' && source.sample === 'mnist') return importIdx(mnistSource(), request, place, owned, pace);
  const files = source.kind === 'sample' ? { kind: 'paths' as const, paths: [sampleFolder('emoji')] } : source;

  const listing = await collectFiles(files, owned, pace);
  const found = await inspectFiles(listing.files, pace);
  const skipped: SkippedFile[] = [...listing.skipped, ...found.skipped];
  const testImages = files.kind === 'paths' ? files.testImages : undefined;
  if (found.idxImages.length > 0 && found.pictures.length === 0) {
    const idx = chooseIdxFiles(found.idxImages, [...found.idxImages, ...found.idxLabels], testImages);
    const imported = await importIdx(idx, request, place, owned, pace);
    return atLeastTwo({ ...imported, skipped: [...imported.skipped, ...skipped] });
  }
  if (testImages !== undefined) throw new FailureError(failure('usage', say('datasets.testNotIdx')));
  for (const { name } of found.idxImages) skipped.push({ name, reason: say('datasets.idxAmongPictures') });
  for (const { name } of found.idxLabels) skipped.push({ name, reason: say('datasets.onlyLabels') });

  const options = { onDecoding: hooks.onDecoding?.bind(hooks), refused: hooks.refused, oneAtATime: hooks.oneAtATime ?? false };
  const imported = await importPictures(found.pictures, request, place, options, owned, pace);
  return atLeastTwo({ ...imported, skipped: [...skipped, ...imported.skipped] });
}

/** A latent space needs at least two images to train on. */
function atLeastTwo(imported: Imported): Imported {
  const training = imported.heldOut.reduce((sum, flag) => sum + 1 - flag, 0);
  if (training >= 2) return imported;
  const [first] = imported.skipped;
  const count = imported.skipped.length;
  const found = training === 0 ? 'datasets.noImage' : 'datasets.oneImage';
  const sentence = !first ? say(found) : count === 1 ? say(`${found}Because`, first.name, first.reason) : say(`${found}Of`, count, first.name, first.reason);
  throw new FailureError(failure('bad-data', sentence));
}

/** The file system's refusals are expected; anything else is a bug and is thrown on. */
function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('resources', say('datasets.diskFull'));
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure('resources', say('datasets.notWritable'));
    case 'EMFILE':
    case 'ENFILE':
    case 'EIO':
      return failure('resources', say('datasets.systemRefused'));
    default:
      throw error;
  }
}
