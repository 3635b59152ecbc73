import * as v from 'valibot';
import { parseUnknown } from './parseUnknown.js';
import type { OneWay } from './rpc.js';

/** How an event that is sent at the consumer's pace is acknowledged: the channel it came by and its number there. */
export interface Receipt {
  readonly channel: string;
  readonly number: number;
}

const receiptSchema: v.GenericSchema<unknown, Receipt> = v.strictObject({ channel: v.string(), number: v.number() });

/** What a consumer of events offers to their source. */
export interface EventListenerApi {
  /** An event; one with a receipt is acknowledged once it has been dealt with. */
  event(event: unknown, receipt: unknown): void;
  /** Called with an answer: everything sent before has arrived. For a source that is about to end. */
  heard(): void;
}

/** What a source of events offers to their consumer. */
export interface EventSourceApi {
  acknowledge(receipt: unknown): void;
}

/** @throws BadMessage when what came is no receipt */
export function parseReceipt(receipt: unknown): Receipt {
  return parseUnknown(receiptSchema, receipt);
}

/**
 * The consumer's end: parses each event, keeps events until there is a listener, and acknowledges what the listener is done with.
 * A listener that takes its time (it returns a promise) thereby slows the source down instead of falling behind.
 */
export class EventReceiver<Event> {
  /** The handlers for the connection to the source. */
  readonly handlers: EventListenerApi = { event: (event, receipt) => this.#hear(event, receipt), heard: () => undefined };
  readonly #schema: v.GenericSchema<unknown, Event>;
  readonly #source: (() => OneWay<EventSourceApi>) | null;
  #listener: ((event: Event) => void | Promise<void>) | null = null;
  #early: { readonly event: Event; readonly receipt: Receipt | null }[] = [];

  /** @param source where acknowledgements go, asked for when the first is due; null where events have no receipts */
  constructor(schema: v.GenericSchema<unknown, Event>, source: (() => OneWay<EventSourceApi>) | null) {
    this.#schema = schema;
    this.#source = source;
  }

  /** Sets the one listener. */
  listen(listener: (event: Event) => void | Promise<void>): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const { event, receipt } of early) void this.#take(listener, event, receipt);
  }

  #hear(raw: unknown, rawReceipt: unknown): void {
    const event = parseUnknown(this.#schema, raw);
    const receipt = rawReceipt === null ? null : parseReceipt(rawReceipt);
    if (this.#listener) void this.#take(this.#listener, event, receipt);
    else this.#early.push({ event, receipt });
  }

  async #take(listener: (event: Event) => void | Promise<void>, event: Event, receipt: Receipt | null): Promise<void> {
    await listener(event);
    if (receipt) this.#source?.().acknowledge(receipt);
  }
}
