import { compiledUrl } from '../../runtime/compiledUrl.js';
import { WorkerThread } from '../WorkerThread.js';
import type { CloudWorkerApi, CloudWorkerData } from './cloudWorker.js';
import type { Means } from './Means.js';

/** The thread that projects the means of one run and searches them. */
export class CloudThread extends WorkerThread<CloudWorkerApi> {
  constructor(means: Means, training: Uint32Array) {
    const data: Omit<CloudWorkerData, 'port'> = { means: means.memory, training };
    super(compiledUrl('./cloudWorker.js', import.meta.url), 'lays out the cloud', data);
  }
}
