import { checkedCalls } from '../../shared/contract/checkedCalls.js';
import type { EventListenerApi, EventSourceApi } from '../../shared/contract/events.js';
import { connect } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import { trainerSchemas } from '../../shared/contract/schemas.js';
import type { RunRequest, RunStarted, TrainerApi, TrainerEvent } from '../../shared/contract/trainer.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { Entry } from './entryProcess.js';
import { withDeadline } from './timers.js';
import { TrainerEventSender } from './TrainerEventSender.js';

const heardMs = 1000;

/** What a trainer process offers to the studio that is joined to it. */
export interface TrainerProcessApi extends TrainerApi, EventSourceApi {
  /** What `start` was called with and what it has answered; null before. */
  standing(): Promise<{ readonly request: RunRequest | null; readonly started: RunStarted | null }>;
}

/**
 * The trainer: one run, steered by whichever studio is joined to it. The run does not notice that a studio dies; the next one is
 * told the last state at the step that it has come to, the executor when it has changed, the last snapshot and, when it is over, how it
 * ended.
 */
export class TrainerProcess implements Entry {
  readonly #run: TrainerApi & Disposable;
  #request: RunRequest | null = null;
  #started: RunStarted | null = null;
  #state: Extract<TrainerEvent, { kind: 'state' }> | null = null;
  #snapshot: TrainerEvent | null = null;
  #executor: TrainerEvent | null = null;
  #end: TrainerEvent | null = null;
  #studio: { readonly sender: TrainerEventSender; readonly peer: Peer<EventListenerApi> } | null = null;

  constructor(createRun: (options: { emit(event: TrainerEvent): void; isSending(): boolean }) => TrainerApi & Disposable) {
    this.#run = createRun({ emit: (event) => this.#emit(event), isSending: () => (this.#studio?.peer.transport.queued ?? 0) > 0 });
  }

  accept(_peer: string, transport: Transport): void {
    this.#studio?.peer.transport.close();
    const run = this.#run;
    const calls = checkedCalls<TrainerApi>({
      start: async (request) => {
        this.#request ??= request;
        const started = await run.start(request);
        if (started.ok) this.#started = started.value;
        return started;
      },
      measure: (request) => run.measure(request),
      pause: () => run.pause(),
      resume: () => run.resume(),
      step: () => run.step(),
      stop: () => run.stop(),
      setBeta: (beta) => run.setBeta(beta),
      setRate: (rate) => run.setRate(rate),
      teach: (request) => run.teach(request),
      lessonFrame: (after) => run.lessonFrame(after),
      pauseLesson: () => run.pauseLesson(),
      continueLesson: () => run.continueLesson(),
    }, trainerSchemas);
    const peer = connect<TrainerProcessApi, EventListenerApi>(transport, {
      ...calls,
      standing: () => Promise.resolve({ request: this.#request, started: this.#started }),
      acknowledge: (receipt) => sender.acknowledge(receipt),
    });
    const sender = new TrainerEventSender(peer.send);
    for (const event of [this.#state, this.#executor, this.#snapshot, this.#end]) if (event) sender.send(event);
    const studio = { sender, peer };
    this.#studio = studio;
    transport.onClose(() => {
      sender.dispose();
      if (this.#studio === studio) this.#studio = null;
    });
  }

  /** A run that is going on ends with a checkpoint. */
  async stop(): Promise<void> {
    // Refused when there is nothing to stop, which is as well.
    await this.#run.stop();
    this.#run.dispose();
    // The studio is to know how the run ended before the process does; one that is gone or stuck is not waited for.
    if (this.#studio) await withDeadline(this.#studio.peer.calls.heard(), heardMs, '').catch(() => undefined);
  }

  #emit(event: TrainerEvent): void {
    if (event.kind === 'state') this.#state = event;
    if (event.kind === 'metrics' && this.#state) {
      for (const { step, epoch } of event.lines.slice(-1)) this.#state = { ...this.#state, step, epoch };
    }
    if (event.kind === 'snapshot') this.#snapshot = event;
    if (event.kind === 'executor') this.#executor = event;
    if (event.kind === 'finished' || event.kind === 'failed') this.#end = event;
    this.#studio?.sender.send(event);
  }
}
