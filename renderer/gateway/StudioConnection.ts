import { EventReceiver } from '../../shared/contract/events.js';
import type { EventListenerApi, EventSourceApi } from '../../shared/contract/events.js';
import { lastingCalls } from '../../shared/contract/lastingCalls.js';
import { MetricsFollower } from '../../shared/contract/MetricsFollower.js';
import { connect, PeerGone } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import { studioEvent } from '../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { Connection } from './Gateway.js';

const firstPauseMs = 250;
const longestPauseMs = 5000;

type Studio = StudioApi & EventSourceApi;

/** The window's connection to the studio: made, and made again whenever it is lost. */
export class StudioConnection {
  /** Calls wait for the connection that is being made. */
  readonly studio: StudioApi = lastingCalls(() => this.#present);
  readonly #open: () => Transport | Promise<Transport>;
  readonly #follower = new MetricsFollower((dir, cursor) => this.studio.metrics(dir, cursor), (event) => this.#tellEvent(event));
  readonly #eventListeners = new Set<(event: StudioEvent) => void>();
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #connection: Connection = 'connecting';
  #present: Promise<Peer<Studio>>;

  /** @param open a new way to the studio; one that leads nowhere closes, and another is asked for after a pause */
  constructor(open: () => Transport | Promise<Transport>) {
    this.#open = open;
    this.#present = this.#reach();
  }

  onEvent(listener: (event: StudioEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#connection);
    return () => void this.#connectionListeners.delete(listener);
  }

  /** Resolves as soon as a studio answers, however often it takes. */
  async #reach(): Promise<Peer<Studio>> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const transport = await this.#open();
      const events = new EventReceiver<StudioEvent>(studioEvent, () => peer.send);
      const peer: Peer<Studio> = connect<EventListenerApi, Studio>(transport, events.handlers);
      events.listen((event) => this.#follower.take(event));
      if (await answers(peer)) {
        transport.onClose(() => this.#replace());
        this.#setConnection('connected');
        return peer;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  #replace(): void {
    this.#setConnection('lost');
    this.#present = this.#reach();
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#connectionListeners) listener(connection);
  }

  #tellEvent(event: StudioEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }
}

/** Whether there is anybody at the other end. One who answers with an error is. */
async function answers(peer: Peer<Studio>): Promise<boolean> {
  try {
    await peer.calls.status();
    return true;
  } catch (error) {
    return !(error instanceof PeerGone);
  }
}
