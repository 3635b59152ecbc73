import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import { connect, PeerGone, type Remote } from '../../shared/contract/rpc.js';
import { failure, FailureError } from '../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { say } from '../../shared/sentence.js';

/** What every thread of the studio is given at its start. */
export interface WorkerThreadData {
  readonly port: MessagePort;
}

/** A thread that answers calls of `Calls` and may call `handlers`, so that the studio's own thread is free to decode. */
export class WorkerThread<Calls extends object> implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #calls: Remote<Calls>;
  #end = 'it was closed';

  /**
   * @param module compiled module that the thread runs
   * @param name what the thread does, after "The thread that"
   * @param data what the module is given beside its port
   */
  constructor(
    module: URL,
    private readonly name: 'measures' | 'lays out the cloud',
    data: object = {},
    handlers: object = {},
  ) {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(module, { workerData: { ...data, port: port2 } satisfies WorkerThreadData, transferList: [port2] });
    this.#owned.defer(() => void worker.terminate());
    worker.on('error', (error) => (this.#end = error instanceof Error ? error.message : String(error)));
    const transport = new MessagePortTransport(port1);
    this.#owned.defer(() => transport.close());
    this.#calls = connect<object, Calls>(transport, handlers).calls;
  }

  /** Throws a `FailureError` of code `crashed` when the thread has ended, `dispose` included. */
  async ask<T>(question: (calls: Remote<Calls>) => Promise<T>): Promise<T> {
    try {
      return await question(this.#calls);
    } catch (error) {
      if (!(error instanceof PeerGone)) throw error;
      throw new FailureError(failure('crashed', say('processes.threadEnded', this.name, this.#end)));
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
