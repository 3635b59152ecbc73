import type { DropApi } from '../../shared/contract/drop.js';
import { mostDropMessageBytes } from '../../shared/contract/drop.js';
import { connect, PeerGone } from '../../shared/contract/rpc.js';
import { WebSocketTransport } from '../../shared/contract/WebSocketTransport.js';
import type { DatasetSource } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { DroppedFile } from './droppedFiles.js';
import { sendFiles } from './sendFiles.js';
import type { Delivery, Offer } from './Shell.js';
import { socketUrl } from './socketUrl.js';

/** Images that a browser holds: their bytes are sent to the studio's machine, where they lie until they are released. */
export class WebOffer implements Offer {
  /** A browser tells no paths, so that it cannot say which project is meant. */
  readonly project = null;
  readonly #files: () => AsyncIterable<readonly DroppedFile[]>;
  #release: () => void = () => undefined;

  /** @param files lists them anew at each call; throws a `DOMException` where one cannot be read */
  constructor(
    readonly name: string,
    readonly entries: number,
    files: () => AsyncIterable<readonly DroppedFile[]>,
  ) {
    this.#files = files;
  }

  async deliver(onProgress: (progress: Delivery) => void, signal: AbortSignal): Promise<Result<DatasetSource, Failure>> {
    if (this.name.endsWith('.morphoscope')) return err(projectFolder);
    this.release();
    const transport = new WebSocketTransport(new WebSocket(socketUrl('drop')), mostDropMessageBytes);
    const peer = connect<object, DropApi>(transport, {});
    // What is not finished is removed when the connection ends.
    this.#release = () => transport.close();
    try {
      const begun = await peer.calls.begin();
      if (!begun.ok) return begun;
      const { drop } = begun.value;
      const sent = await sendFiles(peer.calls, drop, this.#files(), onProgress, signal);
      const finished = sent.ok ? await peer.calls.finish(drop) : sent;
      if (!finished.ok) {
        this.release();
        return finished;
      }
      this.#release = () => {
        peer.send.discard(drop);
        transport.close();
      };
      return ok({ kind: 'paths', paths: finished.value });
    } catch (error) {
      this.release();
      return err(sendingFailure(error));
    }
  }

  release(): void {
    this.#release();
    this.#release = () => undefined;
  }
}

const projectFolder = failure('usage', say('processes.noFolderInBrowser'));

function sendingFailure(error: unknown): Failure {
  if (error instanceof PeerGone) return failure('crashed', say('processes.connectionLost'));
  if (error instanceof DOMException) return failure('not-found', say('processes.fileUnreadable', error.message));
  throw error;
}
