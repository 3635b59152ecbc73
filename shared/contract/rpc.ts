import { createBirpc } from 'birpc';
import { BadMessage } from './parseUnknown.js';
import { closeSentence } from './transport.js';
import type { CloseReason, Transport } from './transport.js';

/** The methods of an interface as a peer offers them: each answers with a promise. */
export type Remote<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => infer R ? (...args: Args) => Promise<Awaited<R>> : never;
};

/** The same methods called one way: nothing is answered, nothing is awaited, order is kept. */
export type OneWay<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => unknown ? (...args: Args) => void : never;
};

/** Rejects a call whose peer ended before it answered, or that was made after that. */
export class PeerGone extends Error {
  constructor(
    readonly method: string,
    readonly reason: CloseReason,
  ) {
    super(`No answer to ${method}. ${closeSentence(reason).message}`);
    this.name = 'PeerGone';
  }
}

/** An error thrown by the peer's handler: its name, message and stack are those of the original. */
export class RemoteError extends Error {
  constructor(original: { readonly name: string; readonly message: string; readonly stack: string }) {
    super(original.message);
    this.name = original.name;
    this.stack = original.stack;
  }
}

/** The other end of a transport, seen through the interface that it offers. */
export interface Peer<Api> {
  /** Calls that wait for their answer, for as long as the peer lives: they reject with `PeerGone` or with what the handler threw. */
  readonly calls: Remote<Api>;
  /** Messages without an answer; dropped when the peer is gone. */
  readonly send: OneWay<Api>;
  readonly transport: Transport;
}

/** A message of birpc: a question (`t` is `q`, one way without `i`) or an answer (`t` is `s`). */
type RpcMessage =
  | { readonly t: 'q'; readonly i?: string; readonly m: string; readonly a: unknown[] }
  | { readonly t: 's'; readonly i: string; readonly r?: unknown; readonly e?: { readonly name: string; readonly message: string; readonly stack: string } };

/**
 * Speaks with the peer at the other end of a transport: `handlers` answer its calls, `calls` and `send` reach its handlers. Only own
 * properties of `handlers` can be called. What a handler of a call throws goes to the caller. A handler of a one-way message that
 * throws `BadMessage` closes the transport, as does a message that is none; anything else that it throws is nobody's to catch and
 * surfaces as an unhandled rejection.
 */
export function connect<LocalApi extends object, RemoteApi extends object>(transport: Transport, handlers: LocalApi): Peer<RemoteApi> {
  const methods = new Map(Object.entries(handlers) as [string, (...args: unknown[]) => unknown][]);
  let ended: CloseReason | null = null;
  /** Whether the message being taken in expects an answer; birpc asks its resolver before it does anything else with it. */
  let oneWay = false;

  /** Nobody waits for the outcome, so that birpc would drop what is thrown. */
  const unanswered = (method: (...args: unknown[]) => unknown) => (...args: unknown[]): void => {
    void (async () => method(...args))().catch((error: unknown) => {
      if (!(error instanceof BadMessage)) throw error;
      transport.close({ kind: 'garbage', detail: error.message });
    });
  };

  const rpc = createBirpc<Record<string, (...args: unknown[]) => unknown>, object, false>(handlers, {
    timeout: -1,
    proxify: false,
    post: (message: unknown) => transport.post(message),
    on: (receive) => transport.onMessage((raw) => {
      const message = parseMessage(raw);
      if (!message) return transport.close({ kind: 'garbage', detail: 'it is neither a call nor an answer' });
      oneWay = message.t === 'q' && message.i === undefined;
      receive(message.t === 's' && message.e ? { ...message, e: new RemoteError(message.e) } : message);
    }),
    serialize: (message: { e?: unknown }) => (message.e === undefined ? message : { ...message, e: describeError(message.e) }),
    resolver: (name) => {
      const method = methods.get(name);
      return method && (oneWay ? unanswered(method.bind(handlers)) : throwingErrors(method.bind(handlers)));
    },
    // The answer could not be sent (too large, not plain): birpc then sends the error instead.
    onGeneralError: (_error, method) => method !== undefined,
  });

  transport.onClose((reason) => {
    ended = reason;
    rpc.$rejectPendingCalls(({ method, reject }) => reject(new PeerGone(method, reason)));
    rpc.$close();
  });

  return {
    transport,
    calls: methodProxy((method, args) => (ended ? Promise.reject(new PeerGone(method, ended)) : rpc.$call(method, ...args))) as Remote<RemoteApi>,
    send: methodProxy((method, args) => transport.post({ t: 'q', m: method, a: args } satisfies RpcMessage)) as OneWay<RemoteApi>,
  };
}

function methodProxy(call: (method: string, args: unknown[]) => unknown): object {
  return new Proxy({}, {
    // A proxy that answers to `then` would be taken for a promise when an async function returns it.
    get: (_, method) => (typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined),
  });
}

function parseMessage(raw: unknown): RpcMessage | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const { t, i, m, a, e, r } = raw as Record<string, unknown>;
  if (t === 'q') {
    if (typeof m !== 'string' || !Array.isArray(a)) return null;
    if (i === undefined) return { t, m, a };
    return typeof i === 'string' ? { t, i, m, a } : null;
  }
  if (t !== 's' || typeof i !== 'string') return null;
  if (e === undefined) return { t, i, r };
  return typeof e === 'object' && e !== null ? { t, i, e: describeError(e) } : null;
}

function describeError(error: unknown): { name: string; message: string; stack: string } {
  const { name, message, stack } = (typeof error === 'object' && error !== null ? error : { message: error }) as Record<string, unknown>;
  return { name: String(name ?? 'Error'), message: String(message), stack: String(stack ?? '') };
}

/** Whatever is thrown becomes an Error: birpc takes a thrown `undefined` for success. */
function throwingErrors(method: (...args: unknown[]) => unknown): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (error) {
      throw error instanceof Error ? error : new Error(String(error));
    }
  };
}
