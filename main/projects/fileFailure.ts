import { dirname } from 'node:path';
import { failure, type Failure, type FailureCode } from '../../shared/failure.js';

const reasons: Readonly<Record<string, readonly [FailureCode, (path: string) => string]>> = {
  ENOENT: ['not-found', (path) => `${path} does not exist.`],
  ENOTDIR: ['not-found', (path) => `A part of the path ${path} is not a folder.`],
  EISDIR: ['usage', (path) => `${path} is a folder, not a file.`],
  ENAMETOOLONG: ['usage', (path) => `The name ${path} is too long.`],
  EACCES: ['resources', (path) => `There is no permission to use ${path}.`],
  EPERM: ['resources', (path) => `There is no permission to use ${path}.`],
  EROFS: ['resources', (path) => `${path} lies on a disk that cannot be written to.`],
  ENOSPC: ['resources', (path) => `The disk is full: ${path} could not be written.`],
  EDQUOT: ['resources', (path) => `The disk quota is used up: ${path} could not be written.`],
  EMFILE: ['resources', (path) => `Too many files are open: ${path} could not be opened.`],
};

/** The error code of a failed system call (ENOENT, ...), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns the error of a system call on `path` into a sentence. Anything else is a bug and is thrown on. */
export function fileFailure(error: unknown, path: string): Failure {
  const code = systemCode(error);
  if (code === undefined) throw error;
  const reason = reasons[code];
  return reason ? failure(reason[0], reason[1](path)) : failure('resources', `${path} could not be used (${code}).`);
}

/** Like `fileFailure` for a file that is being made: a missing folder is what a person has to be told of. */
export function writeFailure(error: unknown, path: string): Failure {
  return systemCode(error) === 'ENOENT' ? failure('not-found', `The folder ${dirname(path)} does not exist.`) : fileFailure(error, path);
}
