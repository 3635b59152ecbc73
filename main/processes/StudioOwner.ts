import { availableParallelism } from 'node:os';
import { checkedCalls } from '../../shared/contract/checkedCalls.js';
import { EventReceiver } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { lastingCalls } from '../../shared/contract/lastingCalls.js';
import { MetricsFollower } from '../../shared/contract/MetricsFollower.js';
import { connect, PeerGone } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import { studioEvent } from '../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import { failure, FailureError } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { bare, say, type Sentence } from '../../shared/sentence.js';
import { nativeEnvironment } from '../native/environment.js';
import { installedNative } from '../native/installation.js';
import type { ManagedProcess } from './ManagedProcess.js';
import { ownerSchemas } from './ownerApi.js';
import type { NeighbourEvents, OwnerApi } from './ownerApi.js';
import type { EntryName, ProcessHost, StartOptions } from './ProcessHost.js';
import { clientPeer, ownerPeer } from './StudioProcess.js';
import type { StudioProcessApi } from './StudioClients.js';

/** A studio that ends this often within `crashWindowMs` is not started again. */
const mostCrashes = 3;
const crashWindowMs = 60_000;
/** libvips decodes on libuv's threads, of which there are four unless more are asked for before the process starts. */
const decoderThreads = { UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())) };

/** Owns the studio, its importer and its trainer: starts them, joins them, replaces a studio that died, stops them all. */
export class StudioOwner {
  /** Calls go to whichever process is the studio at the time. */
  readonly studio: StudioApi = lastingCalls(() => this.#client!);
  readonly #host: ProcessHost;
  readonly #listeners: ((event: StudioEvent) => void)[] = [];
  readonly #follower = new MetricsFollower((dir, cursor) => this.studio.metrics(dir, cursor), (event) => this.#tell(event));
  /** The connection to the studio, or to the one that is being started in place of it. */
  #client: Promise<Peer<StudioProcessApi>> | null = null;
  /** The way by which the present studio is told what happens to its neighbours. */
  #link: Peer<NeighbourEvents> | null = null;
  #studio: ManagedProcess | null = null;
  #importer: ManagedProcess | null = null;
  #trainer: ManagedProcess | null = null;
  /** Every importer and trainer that has not ended. */
  readonly #neighbours = new Set<ManagedProcess>();
  #crashTimes: number[] = [];
  #disposed = false;

  constructor(host: ProcessHost) {
    this.#host = host;
  }

  /** Starts the studio; throws a `FailureError` when it does not come up. */
  async begin(): Promise<void> {
    this.#client = this.#launch();
    await this.#client;
  }

  onEvent(listener: (event: StudioEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** The process that is the studio at present; waits for one that is being started. Throws a `FailureError` when there is to be none. */
  async process(): Promise<ManagedProcess> {
    for (;;) {
      const peer = await this.#client!;
      const studio = this.#studio!;
      try {
        // Its death may be heard of elsewhere before it is here: one that answers lives.
        await peer.calls.status();
        return studio;
      } catch (error) {
        if (!(error instanceof PeerGone)) throw error;
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#neighbours].map((neighbour) => neighbour.stop()));
    // A studio that is just being started has to be there to be stopped.
    await this.#client?.catch(() => undefined);
    await this.#studio?.stop();
  }

  #tell(event: StudioEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Starts a studio process and joins it to this one, once for its own requests and once as its client. */
  async #launch(): Promise<Peer<StudioProcessApi>> {
    const studio = valueOf(await this.#host.start('studio'));
    this.#studio = studio;
    try {
      const link = valueOf(await this.#host.open(studio, ownerPeer));
      this.#link = connect<OwnerApi, NeighbourEvents>(link, checkedCalls(this.#ownerApi(studio), ownerSchemas));
      const transport = valueOf(await this.#host.open(studio, clientPeer));
      const events = new EventReceiver(studioEvent, () => peer.send);
      const peer: Peer<StudioProcessApi> = connect<EventListenerApi, StudioProcessApi>(transport, events.handlers);
      events.listen((event) => this.#follower.take(event));
      transport.onClose(() => this.#replace(studio));
      return peer;
    } catch (error) {
      studio.kill();
      throw error;
    }
  }

  /** From now on, calls go to a new studio, as soon as there is one. */
  #replace(studio: ManagedProcess): void {
    if (this.#disposed) return;
    this.#client = this.#relaunch(studio);
    this.#client.catch((error: unknown) => {
      // Nobody but the person in front of the screen can help; the calls to come fail with the same words.
      if (!(error instanceof FailureError)) throw error;
      this.#tell({ kind: 'notice', about: 'studio', ...bare(error.failure) });
    });
  }

  async #relaunch(studio: ManagedProcess): Promise<Peer<StudioProcessApi>> {
    studio.kill();
    let how: Sentence = await studio.ended;
    // What it imported it imported for the studio that is gone; a run goes on.
    this.#importer?.kill();
    while (!this.#disposed) {
      const now = Date.now();
      this.#crashTimes = [...this.#crashTimes.filter((time) => now - time < crashWindowMs), now];
      if (this.#crashTimes.length >= mostCrashes) {
        await this.#trainer?.stop();
        throw new FailureError(failure('crashed', say('processes.givenUp', mostCrashes, how)));
      }
      this.#tell({ kind: 'notice', about: 'studio', ...say('processes.restarting', how) });
      try {
        return await this.#launch();
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        how = error.failure;
      }
    }
    throw new FailureError(failure('cancelled', say('processes.studioClosed')));
  }

  /** What the studio process may ask for. */
  #ownerApi(studio: ManagedProcess): OwnerApi {
    return {
      startImporter: async () => {
        this.#importer?.kill();
        const started = await this.#startNeighbour(studio, 'importer', { env: decoderThreads });
        if (started.ok) this.#importer = started.value;
        return started.ok ? ok(started.value.name) : started;
      },
      startTrainer: async () => {
        await this.#trainer?.stop();
        const env = nativeEnvironment(installedNative()?.libraries ?? []);
        const started = await this.#startNeighbour(studio, 'trainer', { priority: 'low', env });
        if (started.ok) this.#trainer = started.value;
        return started.ok ? ok(started.value.name) : started;
      },
      startProver: async (libraries) => {
        const started = await this.#startNeighbour(studio, 'prover', { env: nativeEnvironment(libraries) });
        return started.ok ? ok(started.value.name) : started;
      },
      joinTrainer: async () => {
        if (this.#trainer?.state !== 'running') return null;
        const { name } = this.#trainer;
        const joined = await this.#host.connect(studio, this.#trainer);
        return joined.ok ? name : null;
      },
      stopProcess: async (name) => {
        await [...this.#neighbours].find((neighbour) => neighbour.name === name)?.stop();
      },
    };
  }

  async #startNeighbour(studio: ManagedProcess, entry: EntryName, options: StartOptions): Promise<Result<ManagedProcess, Failure>> {
    const started = await this.#host.start(entry, options);
    if (!started.ok) return started;
    const neighbour = started.value;
    this.#neighbours.add(neighbour);
    void neighbour.ended.then((end) => {
      this.#neighbours.delete(neighbour);
      this.#link?.send.ended(neighbour.name, end);
    });
    const joined = this.#disposed ? err(failure('cancelled', say('processes.studioClosed'))) : await this.#host.connect(studio, neighbour);
    if (joined.ok) return started;
    neighbour.kill();
    return joined;
  }
}

function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new FailureError(result.error);
  return result.value;
}
