/**
 * A run that the native library failed, although the program compiled and the feeds were right. The state is what it was before
 * the run wherever the failure came before the optimizer began, which is where memory is asked for.
 */
export class ExecutorError extends Error {
  /**
   * @param kind `out-of-memory` when the device or the machine had no room for the run: a smaller batch may have; else `failed`
   * @param message that of the library
   */
  constructor(
    readonly kind: 'out-of-memory' | 'failed',
    message: string,
  ) {
    super(message);
    this.name = 'ExecutorError';
  }
}
