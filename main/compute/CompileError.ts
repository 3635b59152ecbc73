/** A program that cannot be compiled: an unsupported kernel, a value read while tracing, random numbers made in the body. */
export class CompileError extends Error {
  /**
   * @param program name of the program, as in its definition
   * @param reason what was wrong, beginning with a capital letter and without a full stop
   * @param kernel the tfjs kernel concerned, where there is one
   * @param location `file:line:column` of the body that called it, where it is known
   */
  constructor(
    readonly program: string,
    readonly reason: string,
    readonly kernel?: string,
    readonly location?: string,
  ) {
    super(`Program '${program}' cannot be compiled: ${reason}${location === undefined ? '' : ` (${location})`}.`);
    this.name = 'CompileError';
  }
}
