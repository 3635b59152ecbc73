import { say, type Sentence } from '../../shared/sentence.js';

/** The C library that the wheels of Linux are built for (PEP 600). */
const oldestGlibc = [2, 27] as const;

/** Why no TensorFlow can be fetched or found by itself on this system; null when it can. To be given to `unavailable`. */
export function platformProblem(): Sentence | null {
  if (process.platform === 'darwin') return say('native.macOS');
  if (process.platform !== 'linux') return say('native.otherSystem', process.platform);
  const [major = 0, minor = 0] = glibcVersion().split('.').map(Number);
  if (major > oldestGlibc[0] || (major === oldestGlibc[0] && minor >= oldestGlibc[1])) return null;
  return say('native.oldLinux', oldestGlibc.join('.'));
}

/** As `2.36`; empty where the C library is another (musl). */
function glibcVersion(): string {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? '';
}
