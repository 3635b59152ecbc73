/**
 * What is put into a page before anything of its own runs. Each function is sent there as text: it may use nothing from outside itself.
 */

/** What the page has done since it was opened. */
export interface Activity {
  /** Callbacks of requestAnimationFrame. */
  frames: number;
  /** Callbacks of setTimeout and setInterval. */
  timers: number;
  /** Draw calls of WebGL. */
  draws: number;
}

/** A request for decoded images on its way through the window's WebSocket. */
export interface RoundTrip {
  readonly sent: number;
  received: number | null;
}

declare global {
  interface Window {
    benchActivity: Activity;
    benchDecodes: Map<string, RoundTrip>;
  }
}

/** Counts frames, timers and draw calls in `benchActivity`. */
export function spyOnActivity(): void {
  const activity: Activity = { frames: 0, timers: 0, draws: 0 };
  window.benchActivity = activity;
  const { requestAnimationFrame: frame, setTimeout: once, setInterval: repeatedly } = window;
  window.requestAnimationFrame = (callback) =>
    frame((now) => {
      activity.frames++;
      callback(now);
    });
  const counted = (start: (action: () => void, ms?: number) => number) => (handler: TimerHandler, ms?: number, ...rest: unknown[]) =>
    start(() => {
      activity.timers++;
      if (typeof handler === 'function') (handler as (...args: unknown[]) => void)(...rest);
    }, ms);
  window.setTimeout = counted((action, ms) => once(action, ms)) as typeof window.setTimeout;
  window.setInterval = counted((action, ms) => repeatedly(action, ms)) as typeof window.setInterval;
  for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced'] as const) {
    const draw = WebGL2RenderingContext.prototype[name] as (...args: unknown[]) => void;
    WebGL2RenderingContext.prototype[name] = function (this: WebGL2RenderingContext, ...args: unknown[]) {
      activity.draws++;
      draw.apply(this, args);
    };
  }
}

/**
 * Notes when each `decode` leaves and when its answer has come in, in `benchDecodes`. A call is a MessagePack map with the method's name and a
 * number of the call (`i`) that its answer repeats (shared/contract/rpc.ts).
 */
export function spyOnDecodes(): void {
  const decodes = new Map<string, RoundTrip>();
  window.benchDecodes = decodes;
  const text = (data: unknown): string => {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data instanceof Uint8Array ? data : new Uint8Array(0);
    return String.fromCharCode(...bytes.subarray(0, 1024));
  };
  const call = (start: string): string | null => /\xa1i(?:[\xa1-\xbf]|\xd9.)([\w-]+?)(?=\xa1|$|[^\w-])/s.exec(start)?.[1] ?? null;
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const trip = decodes.get(call(text(data)) ?? '');
        if (trip) trip.received ??= performance.now();
      });
    }
    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
      const start = text(data);
      const id = start.includes('\xa1m\xa6decode') ? call(start) : null;
      if (id !== null) decodes.set(id, { sent: performance.now(), received: null });
      super.send(data as ArrayBuffer);
    }
  };
}
