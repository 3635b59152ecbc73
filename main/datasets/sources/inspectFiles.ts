import type { SkippedFile } from '../../../shared/dataset.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import { idxKind, isNamedIdx } from './idx.js';
import { notAnImage, readImageHeader } from '../pictures/imageHeader.js';
import type { Picture } from '../importPictures.js';
import type { Pace } from '../pace.js';
import type { SourceFile } from './sourceFile.js';
import { baseName, readFailureReason } from './sourceFile.js';

/** Files by what they turned out to be. */
export interface Inspected {
  readonly pictures: Picture[];
  readonly idxImages: SourceFile[];
  readonly idxLabels: SourceFile[];
  readonly skipped: SkippedFile[];
}

/** Looks at the header of every file: its content says what it is, its name does not. */
export async function inspectFiles(files: readonly SourceFile[], pace: Pace): Promise<Inspected> {
  const found: Inspected = { pictures: [], idxImages: [], idxLabels: [], skipped: [] };
  for (const [index, file] of files.entries()) {
    await pace.step('listing', index, files.length);
    try {
      const reason = inspect(file, found);
      if (reason !== null) found.skipped.push({ name: file.name, reason });
    } catch (error) {
      found.skipped.push({ name: file.name, reason: readFailureReason(error) });
    }
  }
  return found;
}

/** @returns null, or why the file is of no use. */
function inspect(file: SourceFile, found: Inspected): Sentence | null {
  const opened = file.open();
  if (!opened.ok) return opened.error;
  const reader = opened.value;
  try {
    const header = readImageHeader(reader);
    if (header.ok) {
      found.pictures.push({ file, header: header.value });
      return null;
    }
    const kind = idxKind(reader, file.name);
    if (kind === 'images') found.idxImages.push(file);
    else if (kind === 'labels') found.idxLabels.push(file);
    else if (reader.size > 0 && isNamedIdx(file.name)) return say('datasets.notIdxAsNamed');
    else if (header.error === notAnImage && isNamedImage(file.name)) return say('datasets.notAsNamed');
    else return header.error;
    return null;
  } finally {
    reader.dispose();
  }
}

function isNamedImage(name: string): boolean {
  return /\.(png|jpe?g|webp|bmp|tiff?|avif|gif)$/i.test(baseName(name));
}
