import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { replaceFile } from './atomicFile.js';
import { fileFailure } from './fileFailure.js';

/** Reads a JSON file of ours. A file that is missing, is no JSON, is of another version or lacks something is a failure. */
export async function readValidated<T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<Result<T, Failure>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return err(fileFailure(error, path));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err(failure('bad-data', say('projects.notJson', path)));
  }
  if (isNewer(value)) return err(failure('bad-data', say('projects.newer', path)));
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  return err(failure('bad-data', field === null ? say('projects.wholeWrong', path) : say('projects.fieldWrong', path, field)));
}

/** Writes it back, indented for human readers, as a whole or not at all. Throws a `FailureError`. */
export function writeValidated(path: string, value: object): Promise<void> {
  return replaceFile(path, JSON.stringify(value, null, 2) + '\n');
}

function isNewer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number' && value.version > 1;
}
