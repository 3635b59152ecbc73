import * as v from 'valibot';
import { EventReceiver } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import type { ImporterApi } from '../../shared/contract/importer.js';
import { parseUnknown } from '../../shared/contract/parseUnknown.js';
import { connect, PeerGone } from '../../shared/contract/rpc.js';
import type { Peer, Remote } from '../../shared/contract/rpc.js';
import { importerEvent, runRequest, runStarted, trainerEvent } from '../../shared/contract/schemas.js';
import type { TrainerApi } from '../../shared/contract/trainer.js';
import { closeSentence } from '../../shared/contract/transport.js';
import type { CloseReason, Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import type { NativeProof, ProverApi } from '../native/proof.js';
import type { ImporterClient, ProcessEnd, StudioProcesses, TrainerConnection } from '../studio/studioProcesses.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { processEndSchema } from './ownerApi.js';
import type { NeighbourEvents, OwnerApi } from './ownerApi.js';
import { RestartingImporter } from './RestartingImporter.js';
import type { ImporterConnection } from './RestartingImporter.js';
import type { TrainerProcessApi } from './TrainerProcess.js';

const standingSchema = v.strictObject({ request: v.nullable(runRequest), started: v.nullable(runStarted) });

/** A process beside the studio: its connection and the news of its end arrive by different ways, in any order. */
interface Neighbour {
  readonly transport: Deferred<Transport>;
  readonly ended: Deferred<ProcessEnd>;
}

/** The studio's neighbours, started by the owner and joined to the studio by connections that arrive beside. */
export class BrokeredProcesses implements StudioProcesses {
  readonly importer: ImporterClient = new RestartingImporter(() => this.#startImporter());
  readonly #owner: Peer<OwnerApi>;
  readonly #neighbours = new Map<string, Neighbour>();

  /** @param owner the connection to the owner */
  constructor(owner: Transport) {
    this.#owner = connect<NeighbourEvents, OwnerApi>(owner, {
      ended: (name, end) => this.#neighbour(name).ended.resolve(parseUnknown(processEndSchema, end)),
    });
  }

  /** Takes the connection to the neighbour of that name. */
  accept(name: string, transport: Transport): void {
    this.#neighbour(name).transport.resolve(transport);
  }

  async startTrainer(): Promise<Result<TrainerConnection, Failure>> {
    const started = await this.#owner.calls.startTrainer();
    return started.ok ? this.#joinTrainer(started.value) : started;
  }

  async runningTrainer(): Promise<TrainerConnection | null> {
    const name = await this.#owner.calls.joinTrainer();
    if (name === null) return null;
    const joined = await this.#joinTrainer(name);
    return joined.ok ? joined.value : null;
  }

  async proveNative(binding: string, libraries: readonly string[], signal: AbortSignal): Promise<Result<NativeProof, Failure>> {
    const started = await this.#owner.calls.startProver(libraries);
    if (!started.ok) return started;
    const stop = (): void => void this.#owner.calls.stopProcess(started.value);
    signal.addEventListener('abort', stop);
    try {
      const joined = await this.#join(started.value);
      if (!joined.ok) return joined;
      const { calls } = connect<object, ProverApi>(joined.value.transport, {});
      return await answerOr(joined.value.ended, calls.prove(binding));
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  async #startImporter(): Promise<Result<ImporterConnection, Failure>> {
    const started = await this.#owner.calls.startImporter();
    if (!started.ok) return started;
    const joined = await this.#join(started.value);
    if (!joined.ok) return joined;
    const events = new EventReceiver(importerEvent, null);
    const { calls } = connect<EventListenerApi, ImporterApi>(joined.value.transport, events.handlers);
    return ok({ calls, events, ended: joined.value.ended, stop: () => void this.#owner.calls.stopProcess(started.value) });
  }

  async #joinTrainer(name: string): Promise<Result<TrainerConnection, Failure>> {
    const joined = await this.#join(name);
    if (!joined.ok) return joined;
    const { transport, ended } = joined.value;
    const events = new EventReceiver(trainerEvent, () => peer.send);
    const peer: Peer<TrainerProcessApi> = connect<EventListenerApi, TrainerProcessApi>(transport, events.handlers);
    const standing = await answerOr(ended, peer.calls.standing().then(ok));
    if (!standing.ok) return standing;
    const { request, started } = parseUnknown(standingSchema, standing.value);
    return ok({
      api: failingWhenGone(peer.calls, ended),
      request,
      started,
      onEvent: (listener) => events.listen(listener),
      ended,
      stop: async () => {
        await this.#owner.calls.stopProcess(name);
        return ended;
      },
    });
  }

  /** Waits for the connection to a neighbour that the owner has joined to this studio. */
  async #join(name: string): Promise<Result<{ readonly transport: Transport; readonly ended: Promise<ProcessEnd> }, Failure>> {
    const neighbour = this.#neighbour(name);
    const arrived = await Promise.race([neighbour.transport.promise, neighbour.ended.promise]);
    if ('kind' in arrived) return err(failure('crashed', arrived));
    // The end counts once everything that was said before it has been heard.
    const closed = new Promise<CloseReason>((resolve) => arrived.onClose(resolve));
    const ended = closed.then(async (reason): Promise<ProcessEnd> => {
      const end = await neighbour.ended.promise;
      this.#neighbours.delete(name);
      return reason.kind === 'gone' || reason.kind === 'closed' ? end : { kind: 'crashed', ...closeSentence(reason) };
    });
    // A neighbour that cannot be heard any more is of no use, alive or not.
    arrived.onClose(() => void this.#owner.calls.stopProcess(name));
    return ok({ transport: arrived, ended });
  }

  #neighbour(name: string): Neighbour {
    let neighbour = this.#neighbours.get(name);
    if (!neighbour) {
      neighbour = { transport: deferred(), ended: deferred() };
      this.#neighbours.set(name, neighbour);
    }
    return neighbour;
  }
}

/** What a process answers; when it ends before that, a failure that says how. */
async function answerOr<T>(ended: Promise<ProcessEnd>, answer: Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PeerGone) return err(failure('crashed', await ended));
    throw error;
  }
}

/** The calls of a trainer, all of which answer with a `Result`: they fail with `crashed` when it ends before it has answered. */
function failingWhenGone(calls: Remote<TrainerProcessApi>, ended: Promise<ProcessEnd>): TrainerApi {
  const guard = <T>(answer: Promise<Result<T, Failure>>): Promise<Result<T, Failure>> => answerOr(ended, answer);
  return {
    start: (request) => guard(calls.start(request)),
    measure: (request) => guard(calls.measure(request)),
    pause: () => guard(calls.pause()),
    resume: () => guard(calls.resume()),
    step: () => guard(calls.step()),
    stop: () => guard(calls.stop()),
    setBeta: (beta) => guard(calls.setBeta(beta)),
    setRate: (rate) => guard(calls.setRate(rate)),
    teach: (request) => guard(calls.teach(request)),
    lessonFrame: (after) => guard(calls.lessonFrame(after)),
    pauseLesson: () => guard(calls.pauseLesson()),
    continueLesson: () => guard(calls.continueLesson()),
  };
}
