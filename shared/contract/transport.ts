import { say, type Sentence } from '../sentence.js';

/** Why a transport ended. */
export type CloseReason =
  /** This side called `close`. */
  | { readonly kind: 'closed' }
  /** The other side closed, ended or died. */
  | { readonly kind: 'gone' }
  /** The other side sent a frame larger than this side accepts. */
  | { readonly kind: 'oversize'; readonly limit: number }
  /** The other side sent something that is no message. */
  | { readonly kind: 'garbage'; readonly detail: string }
  /** The connection could not be made or broke for a reason of the system. */
  | { readonly kind: 'failed'; readonly detail: string };

/** The reason as one plain sentence. */
export function closeSentence(reason: CloseReason): Sentence {
  switch (reason.kind) {
    case 'closed':
      return say('processes.closed');
    case 'gone':
      return say('processes.otherSideGone');
    case 'oversize':
      return say('processes.oversize', reason.limit);
    case 'garbage':
      return say('processes.garbage', reason.detail);
    case 'failed':
      return say('processes.broken', reason.detail);
  }
}

/** Largest message in bytes that a transport carries unless it is told otherwise. */
export const maxFrameBytes = 256 * 1024 * 1024;

/**
 * A connection to one peer that carries plain values: null, booleans, numbers, strings, arrays, plain objects and typed
 * arrays, in order. A value is copied when it is posted and typed arrays arrive with a buffer of exactly their size.
 * A property that is undefined may be missing at the other side, undefined in an array may be null there, and -0 may be 0.
 */
export interface Transport {
  /**
   * Sends a message; on a closed transport nothing happens, as with a message that was on its way.
   *
   * @throws when the value is not plain or larger than a frame may be; the transport stays open
   */
  post(message: unknown): void;
  /** Sets the one listener. Messages that arrived before are kept for it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Adds a listener for the end, which comes exactly once; at once when it has come already. */
  onClose(listener: (reason: CloseReason) => void): void;
  /** Ends the connection. Messages posted before are still sent, once the connection stands. The reason is told to the listeners on this side. */
  close(reason?: CloseReason): void;
  /** Bytes that were posted and not yet handed to the system; always 0 where that cannot be known (message ports). */
  readonly queued: number;
}

/** What all transports share: the listeners, early messages and the single end. */
export abstract class TransportBase implements Transport {
  #early: unknown[] = [];
  #listener: ((message: unknown) => void) | null = null;
  #closeListeners: ((reason: CloseReason) => void)[] = [];
  #reason: CloseReason | null = null;

  get queued(): number {
    return 0;
  }

  post(message: unknown): void {
    if (!this.#reason) this.send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    if (this.#listener) throw new Error('A transport has one message listener.');
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const message of early) listener(message);
  }

  onClose(listener: (reason: CloseReason) => void): void {
    if (this.#reason) listener(this.#reason);
    else this.#closeListeners.push(listener);
  }

  close(reason: CloseReason = { kind: 'closed' }): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.release(reason);
    const listeners = this.#closeListeners;
    this.#closeListeners = [];
    for (const listener of listeners) listener(reason);
  }

  /** Hands a received message to the listener; after the end it is dropped. */
  protected deliver(message: unknown): void {
    if (this.#reason) return;
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }

  protected abstract send(message: unknown): void;
  /** Lets go of what carries the messages; called once. */
  protected abstract release(reason: CloseReason): void;
}
