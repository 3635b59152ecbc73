import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failure, FailureError } from '../../../shared/failure.js';
import { say } from '../../../shared/sentence.js';
import type { IdxSource } from '../importIdx.js';
import { sampleFolder } from './samples.js';
import type { SourceFile } from './sourceFile.js';
import { baseName, DiskFile, folderOf } from './sourceFile.js';

/** The MNIST sample: its own test part is held out. */
export function mnistSource(): IdxSource {
  const folder = sampleFolder('mnist');
  const file = (name: string): SourceFile => new DiskFile(name, join(folder, name));
  return { training: file('train-images-idx3-ubyte'), test: file('t10k-images-idx3-ubyte'), beside: findBeside([]) };
}

/**
 * Makes out which of the IDX image files of a source is which. Of a quartet as MNIST has it, the one named "t10k" or "test" is
 * held out, unless the request names a test file itself. A file that is there both packed and unpacked counts once.
 * @param files all IDX files of the source, label files too
 * @throws FailureError `usage` where the names leave it open
 */
export function chooseIdxFiles(imageFiles: readonly SourceFile[], files: readonly SourceFile[], testImages: string | undefined): IdxSource {
  const unpacked = new Set(imageFiles.map((file) => file.name));
  const candidates = imageFiles.filter((file) => !/\.gz$/i.test(file.name) || !unpacked.has(file.name.slice(0, -3)));
  const tests = candidates.filter((file) => /t10k|test/i.test(baseName(file.name)));
  const trainings = candidates.filter((file) => !tests.includes(file));
  const test = testImages === undefined ? tests : [new DiskFile(baseName(testImages.replaceAll('\\', '/')), testImages)];
  const [training, ...more] = trainings.length > 0 ? trainings : tests;
  if (!training || more.length > 0 || test.length > 1) {
    const names = candidates.map((file) => file.name).join(', ');
    throw new FailureError(failure('usage', say('datasets.severalIdx', names)));
  }
  return { training, test: test.find((file) => file !== training) ?? null, beside: findBeside(files) };
}

/** Looks among the files of the source first, then on disk: an IDX file may be named without its label file. */
function findBeside(files: readonly SourceFile[]): IdxSource['beside'] {
  return (imageFile, name) => {
    const fullName = folderOf(imageFile.name) + name;
    const listed = files.find((file) => file.name === fullName);
    if (listed || !(imageFile instanceof DiskFile)) return listed ?? null;
    const path = join(dirname(imageFile.path), name);
    return existsSync(path) ? new DiskFile(fullName, path) : null;
  };
}
