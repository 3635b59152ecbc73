import type { Stats } from 'node:fs';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DatasetSource, SkippedFile } from '../../../shared/dataset.js';
import { failure, FailureError } from '../../../shared/failure.js';
import type { DisposableStore } from '../../../shared/lifecycle.js';
import { say } from '../../../shared/sentence.js';
import { readBytes } from '../byteReader.js';
import type { Listing } from './folder.js';
import { isIgnored, listFolder } from './folder.js';
import { startsWith } from '../integers.js';
import { naturalOrder } from './naturalOrder.js';
import type { Pace } from '../pace.js';
import type { SourceFile } from './sourceFile.js';
import { DiskFile, MemoryFile, readFailureReason } from './sourceFile.js';
import { listZip } from './zip.js';

/**
 * Every file of a source in natural order, folders walked and zip archives opened.
 *
 * One folder or archive by itself is the root of its names. Of several, each puts its own name before those of its files,
 * so that folders that were dropped together are told apart (and are classes).
 * @param owned takes what has to stay open while the files are read
 * @throws FailureError `not-found` for a path that is not there
 */
export async function collectFiles(
  source: Extract<DatasetSource, { kind: 'paths' | 'bytes' }>,
  owned: DisposableStore,
  pace: Pace,
): Promise<Listing> {
  const files: SourceFile[] = [];
  const skipped: SkippedFile[] = [];
  const roots = source.kind === 'paths' ? source.paths.map(rootOf) : source.files.map((file) => memoryRoot(file.name, file.bytes));
  for (const root of roots) {
    const listing = await listRoot(root, roots.length === 1, owned, pace);
    for (const file of listing.files) files.push(file);
    for (const file of listing.skipped) skipped.push(file);
  }
  files.sort((a, b) => naturalOrder(a.name, b.name));
  return { files, skipped };
}

/** A thing that was named: a folder, or a file that is an archive or not. */
type Root = { readonly kind: 'folder'; readonly path: string; readonly name: string } | { readonly kind: 'file'; readonly file: SourceFile };

function rootOf(path: string): Root {
  const name = basename(resolve(path)).normalize('NFC');
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    throw new FailureError(failure('not-found', say('datasets.unusable', path, readFailureReason(error))));
  }
  if (found.isDirectory()) return { kind: 'folder', path, name };
  if (found.isFile()) return { kind: 'file', file: new DiskFile(name, path) };
  throw new FailureError(failure('not-found', say('datasets.unusable', path, say('datasets.neither'))));
}

function memoryRoot(name: string, bytes: Uint8Array): Root {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return { kind: 'file', file: new MemoryFile(parts.join('/').normalize('NFC') || 'image', bytes) };
}

async function listRoot(root: Root, alone: boolean, owned: DisposableStore, pace: Pace): Promise<Listing> {
  if (root.kind === 'folder') return listFolder(root.path, alone ? '' : `${root.name}/`, pace);
  const { file } = root;
  if (isArchive(file)) {
    const listing = await listZip(file, alone ? '' : `${file.name.replace(/\.zip$/i, '')}/`, owned, pace);
    return listing.ok ? listing.value : { files: [], skipped: [{ name: file.name, reason: listing.error }] };
  }
  // A folder that was dropped in a browser arrives as its files, hidden ones included.
  return { files: isIgnored(file.name) && !alone ? [] : [file], skipped: [] };
}

/** By content, or by name where the content is damaged from the first byte on: the reason then speaks of an archive. */
function isArchive(file: SourceFile): boolean {
  if (/\.zip$/i.test(file.name)) return true;
  const opened = file.open();
  if (!opened.ok) return false;
  const head = readBytes(opened.value, 0, 4);
  opened.value.dispose();
  return startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');
}
