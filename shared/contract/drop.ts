import type { Failure } from '../failure.js';
import type { Result } from '../result.js';

/** Bytes of parts that are sent at once at most, the names apart. */
export const mostDropBytes = 4 * 1024 * 1024;
/** Largest message of a drop: the parts and as many bytes again for the names of many small files. */
export const mostDropMessageBytes = 2 * mostDropBytes;

/** Part of a file that is dropped on a browser. Files of a drop come one after the other, each from its beginning to its end. */
export interface DropPart {
  /** Path inside the drop with "/" between folders: "digits/3/0412.png". */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** True for the last part of the file. */
  readonly last: boolean;
}

/**
 * Takes the files of a drop as bytes where the window knows no paths: they are put into a folder of the machine that the studio then
 * imports like any other, and that is removed when it has done so. A sender waits for the answer to `append` before it sends much
 * more: that is the back-pressure.
 */
export interface DropApi {
  begin(): Promise<Result<{ readonly drop: string }, Failure>>;
  /** At most `mostDropBytes` of parts at once, small files together. */
  append(drop: string, parts: readonly DropPart[]): Promise<Result<null, Failure>>;
  /** All is there: the paths to import, one for each outermost file or folder. */
  finish(drop: string): Promise<Result<readonly string[], Failure>>;
  /** Removes what came, whether it was finished or not. Dropping the connection does the same with what was not finished. */
  discard(drop: string): Promise<void>;
}
