import { checkedCalls } from '../../shared/contract/checkedCalls.js';
import type { EventListenerApi, EventSourceApi } from '../../shared/contract/events.js';
import { connect } from '../../shared/contract/rpc.js';
import { studioSchemas } from '../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Transport } from '../../shared/contract/transport.js';
import { StudioEventSender } from './StudioEventSender.js';

/** What a studio offers to each client: a shell, a window. */
export interface StudioProcessApi extends StudioApi, EventSourceApi {}

/** Serves a studio to any number of clients: each may call it, and each hears its events at its own pace. */
export class StudioClients {
  readonly #senders = new Set<StudioEventSender>();

  /** Serves the client at the other end of a transport until that closes. `early` are events that it hears before all others. */
  serve(studio: StudioApi, transport: Transport, early: readonly StudioEvent[] = []): void {
    const peer = connect<StudioProcessApi, EventListenerApi>(transport, {
      ...checkedCalls<StudioApi>(studio, studioSchemas),
      acknowledge: (receipt) => sender.acknowledge(receipt),
    });
    const sender = new StudioEventSender(peer.send);
    for (const event of early) sender.send(event);
    this.#senders.add(sender);
    transport.onClose(() => {
      sender.dispose();
      this.#senders.delete(sender);
    });
  }

  /** Tells every client. */
  send(event: StudioEvent): void {
    for (const sender of this.#senders) sender.send(event);
  }
}
