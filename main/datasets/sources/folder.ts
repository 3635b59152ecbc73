import type { Dirent } from 'node:fs';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SkippedFile } from '../../../shared/dataset.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { Pace } from '../pace.js';
import type { SourceFile } from './sourceFile.js';
import { DiskFile, readFailureReason } from './sourceFile.js';

/** What was found at one place: files to look at, and those of which it is clear already that they are of no use. */
export interface Listing {
  readonly files: SourceFile[];
  readonly skipped: SkippedFile[];
}

/** Leavings of operating systems and archivers and everything hidden: nobody means to import these, nobody is told. */
export function isIgnored(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || /^(__MACOSX|thumbs\.db|desktop\.ini)$/i.test(part));
}

/**
 * Lists a folder and the folders in it, in no particular order. Links are followed, each folder is entered once, and what is
 * neither file nor folder (a pipe, a device) is never opened.
 * @param prefix goes before each name: empty, or parts that end in "/".
 */
export async function listFolder(path: string, prefix: string, pace: Pace): Promise<Listing> {
  const listing: Listing = { files: [], skipped: [] };
  const entered = new Set<string>();
  const waiting = [{ path, prefix }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    let entries: Dirent[];
    try {
      const real = realpathSync(folder.path);
      if (entered.has(real)) continue;
      entered.add(real);
      entries = readdirSync(folder.path, { withFileTypes: true });
    } catch (error) {
      listing.skipped.push({ name: folder.prefix || folder.path, reason: readFailureReason(error) });
      continue;
    }
    for (const entry of entries) {
      if (isIgnored(entry.name)) continue;
      const entryPath = join(folder.path, entry.name);
      const name = folder.prefix + entry.name.normalize('NFC');
      const kind = kindOf(entry, entryPath);
      if (kind === 'folder') waiting.push({ path: entryPath, prefix: `${name}/` });
      else if (kind === 'file') listing.files.push(new DiskFile(name, entryPath));
      else listing.skipped.push({ name, reason: kind.reason });
    }
    await pace.step('listing', listing.files.length, 0);
  }
  return listing;
}

function kindOf(entry: Dirent, path: string): 'file' | 'folder' | { readonly reason: Sentence } {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  const notAFile = { reason: say('datasets.neither') };
  if (!entry.isSymbolicLink()) return notAFile;
  try {
    const target = statSync(path);
    return target.isFile() ? 'file' : target.isDirectory() ? 'folder' : notAFile;
  } catch (error) {
    return { reason: readFailureReason(error) };
  }
}
