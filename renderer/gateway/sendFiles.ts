import type { DropApi, DropPart } from '../../shared/contract/drop.js';
import type { Remote } from '../../shared/contract/rpc.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { DroppedFile } from './droppedFiles.js';
import type { Delivery } from './Shell.js';

/** Bytes and files that go into one message; four messages may be unanswered. Larger ones would hold up what else the server does. */
const batchBytes = 1024 * 1024;
const batchFiles = 250;
const mostUnanswered = 4;

/** Bytes of a file that are yet to be read. */
interface Piece {
  readonly name: string;
  readonly blob: Blob;
  readonly last: boolean;
}

/**
 * Sends files to a drop that has begun. Small files travel together, large ones in pieces; what is read ahead of the receiver is bounded.
 *
 * @throws DOMException when a file cannot be read
 * @throws PeerGone when the connection is lost
 */
export async function sendFiles(
  to: Remote<DropApi>,
  drop: string,
  files: AsyncIterable<readonly DroppedFile[]>,
  onProgress: (progress: Delivery) => void,
  signal: AbortSignal,
): Promise<Result<null, Failure>> {
  const done = { files: 0, bytes: 0 };
  const unanswered: Promise<Result<null, Failure>>[] = [];

  const send = async (parts: readonly DropPart[]): Promise<Result<null, Failure>> => {
    const answer = await to.append(drop, parts);
    for (const part of parts) {
      done.bytes += part.bytes.byteLength;
      if (part.last) done.files++;
    }
    if (answer.ok) onProgress({ ...done });
    return answer;
  };

  for await (const batch of batchesOf(files)) {
    const parts = await Promise.all(batch.map(read));
    if (signal.aborted) return err(failure('cancelled', say('processes.notSentFurther')));
    const sent = send(parts);
    // It is awaited in its turn; one that fails before that is no surprise to anybody.
    sent.catch(() => undefined);
    unanswered.push(sent);
    if (unanswered.length < mostUnanswered) continue;
    const oldest = await unanswered.shift()!;
    if (!oldest.ok) return oldest;
  }
  const answers = await Promise.all(unanswered);
  return answers.find((answer) => !answer.ok) ?? ok(null);
}

/** What is sent together: whole small files, or a piece of a large one. */
async function* batchesOf(files: AsyncIterable<readonly DroppedFile[]>): AsyncGenerator<readonly Piece[]> {
  let batch: Piece[] = [];
  let room = batchBytes;
  for await (const some of files) {
    for (const { name, file } of some) {
      let at = 0;
      do {
        if (batch.length === batchFiles || (batch.length > 0 && file.size - at > room)) {
          yield batch;
          batch = [];
          room = batchBytes;
        }
        const end = Math.min(file.size, at + batchBytes);
        // A slice is a file of its own to the browser, and twice the work.
        batch.push({ name, blob: end - at === file.size ? file : file.slice(at, end), last: end === file.size });
        room -= end - at;
        at = end;
      } while (at < file.size);
    }
  }
  if (batch.length > 0) yield batch;
}

async function read({ name, blob, last }: Piece): Promise<DropPart> {
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()), last };
}
