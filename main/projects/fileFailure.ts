import { dirname } from 'node:path';
import { failure, type Failure, type FailureCode } from '../../shared/failure.js';
import { say, type Sentence } from '../../shared/sentence.js';

const reasons: Readonly<Record<string, readonly [FailureCode, (path: string) => Sentence]>> = {
  ENOENT: ['not-found', (path) => say('projects.absent', path)],
  ENOTDIR: ['not-found', (path) => say('projects.notAFolderOnTheWay', path)],
  EISDIR: ['usage', (path) => say('projects.folderNotFile', path)],
  ENAMETOOLONG: ['usage', (path) => say('projects.nameTooLong', path)],
  EACCES: ['resources', (path) => say('projects.noPermission', path)],
  EPERM: ['resources', (path) => say('projects.noPermission', path)],
  EROFS: ['resources', (path) => say('projects.readOnly', path)],
  ENOSPC: ['resources', (path) => say('projects.diskFull', path)],
  EDQUOT: ['resources', (path) => say('projects.quotaUsed', path)],
  EMFILE: ['resources', (path) => say('projects.filesOpen', path)],
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
  return reason ? failure(reason[0], reason[1](path)) : failure('resources', say('projects.unusable', path, code));
}

/** Like `fileFailure` for a file that is being made: a missing folder is what a person has to be told of. */
export function writeFailure(error: unknown, path: string): Failure {
  return systemCode(error) === 'ENOENT' ? failure('not-found', say('projects.noFolder', dirname(path))) : fileFailure(error, path);
}
