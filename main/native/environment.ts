import { delimiter } from 'node:path';

/**
 * What is added to the environment of a process that is to load TensorFlow; a system reads the first of these only when a process
 * starts. What a person has set themselves stays.
 *
 * @param libraries folders of shared libraries
 */
export function nativeEnvironment(libraries: readonly string[]): Readonly<Record<string, string>> {
  const search = [...libraries, ...(process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')];
  return {
    ...(process.platform === 'linux' && libraries.length > 0 ? { LD_LIBRARY_PATH: search.join(delimiter) } : {}),
    // Failures come back as errors; what is printed besides is for TensorFlow's own developers.
    TF_CPP_MIN_LOG_LEVEL: process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '3',
    // Else the first session takes nearly all memory of the GPU.
    TF_FORCE_GPU_ALLOW_GROWTH: process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ?? 'true',
  };
}
