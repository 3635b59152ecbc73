import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';

/** The outcome of a call, with a lost connection (or a bug of the studio) as a failure like any other. */
export async function reached<T>(call: Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  const answer = await answered(call);
  return answer.ok ? answer.value : answer;
}

/** As `reached`, for a call that has no failures of its own. */
export async function answered<T>(call: Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await call);
  } catch (error) {
    return err(failure('crashed', error instanceof Error ? error.message : String(error)));
  }
}
