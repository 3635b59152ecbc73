import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { failure, FailureError } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { say } from '../../shared/sentence.js';
import { fileFailure, systemCode, writeFailure } from './fileFailure.js';

const newline = 10;
const syncData = promisify(fdatasync);

/**
 * A log of one JSON object a line, appended by one writer. A last line that a crash cut short is removed when the log is
 * opened. Appending only fills a buffer; `flush` hands it to the system in one call.
 */
export class JsonLinesLog implements Disposable {
  readonly #path: string;
  readonly #file: number;
  /** Bytes of the whole lines in the file. */
  #size: number;
  #linesInFile: number;
  #buffer: string[] = [];
  #closed = false;

  private constructor(path: string, file: number, content: { size: number; lines: number }) {
    this.#path = path;
    this.#file = file;
    this.#size = content.size;
    this.#linesInFile = content.lines;
  }

  /** Opens the log at `path`, which is made when it is not there. Throws a `FailureError` when it cannot be. */
  static open(path: string): JsonLinesLog {
    try {
      // Not O_APPEND: writes go to a position, so that one that failed half-way is written over.
      const file = openSync(path, constants.O_RDWR | constants.O_CREAT);
      const content = scan(file, Infinity);
      if (content.size < fstatSync(file).size) ftruncateSync(file, content.size);
      return new JsonLinesLog(path, file, content);
    } catch (error) {
      throw new FailureError(writeFailure(error, path));
    }
  }

  /** Lines of the log, those still in the buffer included. */
  get lines(): number {
    return this.#linesInFile + this.#buffer.length;
  }

  append(values: readonly object[]): void {
    for (const value of values) this.#buffer.push(JSON.stringify(value) + '\n');
  }

  /**
   * Writes the buffer to the file before the promise is returned. When that fails (a `FailureError`: the disk is full) the lines
   * stay in the buffer and the next flush tries again.
   */
  async flush(): Promise<void> {
    if (this.#buffer.length === 0) return;
    if (this.#closed) throw new Error(`${this.#path} is closed`);
    const bytes = Buffer.from(this.#buffer.join(''));
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#size + done);
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw new FailureError(fileFailure(error, this.#path));
    }
    this.#size += bytes.length;
    this.#linesInFile += this.#buffer.length;
    this.#buffer = [];
  }

  /** Flushes and waits until the lines survive a loss of power: before a checkpoint writes down how many there are. */
  async sync(): Promise<void> {
    await this.flush();
    await syncData(this.#file);
  }

  /** Keeps the first `lines` lines and forgets the others; nothing happens when there are no more than that. */
  async truncate(lines: number): Promise<void> {
    await this.flush();
    if (lines >= this.#linesInFile) return;
    const kept = scan(this.#file, lines);
    ftruncateSync(this.#file, kept.size);
    this.#size = kept.size;
    this.#linesInFile = kept.lines;
  }

  /** Writes what is buffered, as far as that goes (`flush` first where a failure matters), and closes the file. */
  dispose(): void {
    if (this.#closed) return;
    // flush writes before it returns; a failure here has nobody left to go to.
    this.flush().catch(() => undefined);
    this.#closed = true;
    closeSync(this.#file);
  }
}

/** Counts whole lines, `limit` at most, and the bytes that they take. */
function scan(file: number, limit: number): { lines: number; size: number } {
  const chunk = Buffer.allocUnsafe(1 << 16);
  let lines = 0;
  let size = 0;
  for (let at = 0; lines < limit; ) {
    const read = readSync(file, chunk, 0, chunk.length, at);
    if (read === 0) break;
    for (let end = chunk.indexOf(newline); end !== -1 && end < read && lines < limit; end = chunk.indexOf(newline, end + 1)) {
      lines++;
      size = at + end + 1;
    }
    at += read;
  }
  return { lines, size };
}

/**
 * The lines of a log from number `fromLine` (0 is the first) on, and where to read on next: less than `fromLine` when the log has
 * been cut back since. A last line without its newline is still being written and is left out; no file is an empty log. Throws
 * a `FailureError` on a whole line that is no JSON.
 */
export function readJsonLines(path: string, fromLine: number): { readonly lines: unknown[]; readonly next: number } {
  const content = readLog(path);
  const lines: unknown[] = [];
  let next = 0;
  for (let begin = 0; ; next++) {
    const end = content.indexOf(newline, begin);
    if (end === -1) return { lines, next };
    if (next >= fromLine) lines.push(parseLine(content.toString('utf8', begin, end), path, next + 1));
    begin = end + 1;
  }
}

/** The last whole line of a log that `accept` says yes to, found from the end; undefined when there is none. */
export function readLastJsonLine<T>(path: string, accept: (line: unknown) => line is T): T | undefined {
  const content = readLog(path);
  for (let end = content.lastIndexOf(newline); end >= 0; ) {
    const before = end === 0 ? -1 : content.lastIndexOf(newline, end - 1);
    const line = parseLine(content.toString('utf8', before + 1, end), path);
    if (accept(line)) return line;
    end = before;
  }
  return undefined;
}

function readLog(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw new FailureError(fileFailure(error, path));
  }
}

function parseLine(text: string, path: string, number?: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FailureError(failure('bad-data', number === undefined ? say('projects.line', path) : say('projects.lineNumber', path, number)));
  }
}
