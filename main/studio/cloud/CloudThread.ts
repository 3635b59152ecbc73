import { MessageChannel, Worker } from 'node:worker_threads';
import { MessagePortTransport } from '../../../shared/contract/MessagePortTransport.js';
import { connect, PeerGone, type Remote } from '../../../shared/contract/rpc.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import type { CloudWorkerApi, CloudWorkerData } from './cloudWorker.js';
import type { Means } from './Means.js';

/** The thread that projects the means of one run and searches them, so that the studio's own thread is free to decode. */
export class CloudThread implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #calls: Remote<CloudWorkerApi>;
  #end = 'it was closed';

  constructor(means: Means, training: Uint32Array) {
    const { port1, port2 } = new MessageChannel();
    const data: CloudWorkerData = { port: port2, means: means.memory, training };
    const worker = new Worker(compiledUrl('./cloudWorker.js', import.meta.url), { workerData: data, transferList: [port2] });
    this.#owned.defer(() => void worker.terminate());
    worker.on('error', (error) => (this.#end = error instanceof Error ? error.message : String(error)));
    const transport = new MessagePortTransport(port1);
    this.#owned.defer(() => transport.close());
    this.#calls = connect<object, CloudWorkerApi>(transport, {}).calls;
  }

  /** Throws a `FailureError` when the thread has ended. */
  async ask<T>(question: (calls: Remote<CloudWorkerApi>) => Promise<T>): Promise<T> {
    try {
      return await question(this.#calls);
    } catch (error) {
      if (!(error instanceof PeerGone)) throw error;
      throw new FailureError(failure('crashed', `The thread that lays out the cloud has ended: ${this.#end}.`));
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
