import { parseReceipt } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { FrameChannel } from '../../shared/contract/FrameChannel.js';
import { MetricsChannel } from '../../shared/contract/MetricsChannel.js';
import type { OneWay } from '../../shared/contract/rpc.js';
import type { TrainerEvent } from '../../shared/contract/trainer.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { mergeMeans } from './mergeMeans.js';
import { schedule } from './timers.js';

type Snapshot = Extract<TrainerEvent, { kind: 'snapshot' }>;
type Means = Extract<TrainerEvent, { kind: 'means' }>;

/**
 * Sends the events of a run to one studio: snapshots and means at its pace, metrics in batches, everything else at once and after the
 * metrics that came before it.
 */
export class TrainerEventSender implements Disposable {
  readonly #to: OneWay<EventListenerApi>;
  readonly #metrics = new MetricsChannel((batch) => this.#send({ kind: 'metrics', ...batch }, batch.cursor), schedule);
  readonly #snapshots = new FrameChannel<Snapshot>((number, event) => this.#send(event, number));
  readonly #means = new FrameChannel<Means>((number, event) => this.#send(event, number), mergeMeans);

  constructor(to: OneWay<EventListenerApi>) {
    this.#to = to;
  }

  send(event: TrainerEvent): void {
    switch (event.kind) {
      case 'metrics':
        return this.#metrics.push(event);
      case 'snapshot':
        return this.#snapshots.offer(event);
      case 'means':
        return this.#means.offer(event);
      default:
        this.#metrics.flush();
        this.#to.event(event, null);
    }
  }

  acknowledge(receipt: unknown): void {
    const { channel, number } = parseReceipt(receipt);
    if (channel === 'metrics') this.#metrics.acknowledge(number);
    if (channel === 'snapshot') this.#snapshots.acknowledge(number);
    if (channel === 'means') this.#means.acknowledge(number);
  }

  dispose(): void {
    this.#metrics.dispose();
  }

  #send(event: TrainerEvent, number: number): void {
    this.#to.event(event, { channel: event.kind, number });
  }
}
