import { say } from '../sentence.js';
import { failure, FailureError } from '../failure.js';
import type { Failure } from '../failure.js';
import { err } from '../result.js';
import { PeerGone } from './rpc.js';
import type { Peer } from './rpc.js';
import { studioSchemas } from './schemas.js';
import type { StudioApi } from './studio.js';

/**
 * The studio's calls for as long as a client lives, each going to whichever connection is the present one when it is made. A call
 * whose connection ends before the answer fails with `crashed`, or rejects with `PeerGone` where its answer is no `Result`; so do, with
 * what it rejects with, calls made while there is no connection to be had.
 *
 * @param present the connection, or the one that is being made; rejects with a `FailureError` when there will be none
 */
export function lastingCalls(present: () => Promise<Peer<StudioApi>>): StudioApi {
  const calls = Object.entries(studioSchemas).map(([name, { answer }]) => {
    const method = name as keyof StudioApi;
    return [name, async (...args: unknown[]) => {
      try {
        const peer = await present();
        return await (peer.calls[method] as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        const lost = failureOf(error);
        if (!lost || answer !== 'result') throw error;
        return err(lost);
      }
    }];
  });
  return Object.fromEntries(calls) as StudioApi;
}

/** What a call that its studio did not answer fails with; null for an error that is no fate of a process. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof FailureError) return error.failure;
  return error instanceof PeerGone ? failure('crashed', say('processes.studioEnded', error.method)) : null;
}
