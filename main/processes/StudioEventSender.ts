import { parseReceipt } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { MetricsChannel } from '../../shared/contract/MetricsChannel.js';
import type { OneWay } from '../../shared/contract/rpc.js';
import type { StudioEvent } from '../../shared/contract/studio.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { schedule } from './timers.js';

/** Sends the events of the studio to one client: metrics in batches at its pace, everything else at once and after them. */
export class StudioEventSender implements Disposable {
  readonly #to: OneWay<EventListenerApi>;
  /** The metrics of one run; another run gets another channel. */
  #metrics: { readonly dir: string; readonly channel: MetricsChannel } | null = null;

  constructor(to: OneWay<EventListenerApi>) {
    this.#to = to;
  }

  send(event: StudioEvent): void {
    if (event.kind === 'metrics') {
      this.#channelOf(event.dir).push(event);
      return;
    }
    this.#metrics?.channel.flush();
    this.#to.event(event, null);
  }

  acknowledge(receipt: unknown): void {
    const { channel, number } = parseReceipt(receipt);
    if (channel === this.#metrics?.dir) this.#metrics.channel.acknowledge(number);
  }

  dispose(): void {
    this.#metrics?.channel.dispose();
  }

  #channelOf(dir: string): MetricsChannel {
    if (this.#metrics?.dir !== dir) {
      this.#metrics?.channel.flush();
      this.#metrics?.channel.dispose();
      const channel = new MetricsChannel((batch) => {
        this.#to.event({ kind: 'metrics', dir, ...batch } satisfies StudioEvent, { channel: dir, number: batch.cursor });
      }, schedule);
      this.#metrics = { dir, channel };
    }
    return this.#metrics.channel;
  }
}
