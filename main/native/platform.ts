/** The C library that the wheels of Linux are built for (PEP 600). */
const oldestGlibc = [2, 27] as const;

/** Why no TensorFlow can be fetched or found by itself on this system, as the beginning of a sentence; null when it can. */
export function platformProblem(): string | null {
  if (process.platform !== 'linux') {
    const remedy = process.platform === 'darwin' ? ': unpack one and name its folder in MORPHOSCOPE_TENSORFLOW' : '';
    return `The native backend is made for Linux, and on ${process.platform === 'darwin' ? 'macOS' : process.platform} nothing is fetched${remedy}`;
  }
  const [major = 0, minor = 0] = glibcVersion().split('.').map(Number);
  if (major > oldestGlibc[0] || (major === oldestGlibc[0] && minor >= oldestGlibc[1])) return null;
  return `TensorFlow needs a Linux with glibc ${oldestGlibc.join('.')} or newer, which this is not: build one and name its folder in MORPHOSCOPE_TENSORFLOW`;
}

/** As `2.36`; empty where the C library is another (musl). */
function glibcVersion(): string {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? '';
}
