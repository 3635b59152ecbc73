import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { EventReceiver } from '../../shared/contract/events.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import { connect } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import { trainerEvent } from '../../shared/contract/schemas.js';
import type { RunRequest, RunStarted, TrainerApi, TrainerEvent } from '../../shared/contract/trainer.js';
import { failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { plainPractice } from '../../shared/objective.js';
import { err, ok } from '../../shared/result.js';
import { TrainerProcess } from './TrainerProcess.js';
import type { TrainerProcessApi } from './TrainerProcess.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

const request: RunRequest = {
  runDir: '/run', datasetDir: '/dataset', resume: false,
  spec: { ...plainPractice, model: { kind: 'dense', format: { width: 1, height: 1, channels: 1 }, latent: 2, hidden: [] }, epochs: 1, batch: 1, beta: 1, rate: 1, seed: 0, executor: 'eager' },
};

const started: RunStarted = { step: 0, stepsPerEpoch: 1, parameters: 1, compileMs: 1 };
const untouched = { request: null, started: null };

/** A run that does what its calls say and nothing else. */
function scriptedRun(calls: string[]): TrainerApi & Disposable {
  const answer = (name: string) => () => {
    calls.push(name);
    return Promise.resolve(ok('running' as const));
  };
  const refuse = () => Promise.resolve(err(failure('busy', 'running')));
  return {
    start: () => Promise.resolve(ok(started)),
    measure: refuse, teach: refuse, lessonFrame: refuse, pauseLesson: refuse, continueLesson: refuse,
    pause: answer('pause'), resume: answer('resume'), step: answer('step'), setBeta: answer('setBeta'), setRate: answer('setRate'),
    stop: () => {
      calls.push('stop');
      return Promise.resolve(err(failure('busy', 'not running')));
    },
    dispose: () => calls.push('dispose'),
  };
}

function begin() {
  const calls: string[] = [];
  let emit: (event: TrainerEvent) => void = () => undefined;
  const trainer = new TrainerProcess((options) => {
    emit = options.emit;
    return scriptedRun(calls);
  });
  /** A studio that is joined to it. */
  const join = () => {
    const { port1, port2 } = new MessageChannel();
    trainer.accept('studio-1', new MessagePortTransport(port1));
    const events: TrainerEvent[] = [];
    const receiver: EventReceiver<TrainerEvent> = new EventReceiver(trainerEvent, () => peer.send);
    const peer: Peer<TrainerProcessApi> = connect<EventListenerApi, TrainerProcessApi>(new MessagePortTransport(port2), receiver.handlers);
    receiver.listen((event) => void events.push(event));
    return { peer, events };
  };
  return { trainer, calls, join, emit: (event: TrainerEvent) => emit(event) };
}

const running: TrainerEvent = { kind: 'state', state: 'running', step: 1, epoch: 1 };
const paused: TrainerEvent = { kind: 'state', state: 'paused', step: 2, epoch: 1 };
const snapshot = (step: number): TrainerEvent => ({ kind: 'snapshot', step, weights: Uint8Array.of(step) });
const fallenBack: TrainerEvent = { kind: 'executor', executor: 'onnx', step: 2, reason: { message: 'r' } };
const finished: TrainerEvent = { kind: 'finished', state: 'finished', step: 3, last: null };

test('a studio that joins later is told the request, its answer, the last state, the executor, the last snapshot and the end', async () => {
  const { join, emit } = begin();
  const first = join();
  expect(await first.peer.calls.standing()).toEqual(untouched);
  expect(await first.peer.calls.start(request)).toMatchObject({ ok: true });
  for (const event of [running, fallenBack, snapshot(1), { kind: 'notice', about: 'run', message: 'n' } as const, snapshot(2), paused, finished]) emit(event);
  await expect.poll(() => first.events.length, patience).toBe(7);
  first.peer.transport.close();
  const second = join();
  expect(await second.peer.calls.standing()).toEqual({ request, started });
  expect(second.events).toEqual([paused, fallenBack, snapshot(2), finished]);
});

test('the state that a later studio is told is at the step of the last metrics', async () => {
  const { join, emit } = begin();
  emit(running);
  const loss = { elbo: -1, reconstruction: 1, kl: 0 };
  emit({ kind: 'metrics', cursor: 1, lines: [{ kind: 'step', step: 9, epoch: 3, loss, gradientNorm: 1, applied: true, beta: 1, rate: 1 }] });
  const { peer, events } = join();
  await peer.calls.standing();
  expect(events).toEqual([{ ...running, step: 9, epoch: 3 }]);
});

test('events of a time without a studio are not kept but for what a later one is told', async () => {
  const { join, emit } = begin();
  emit({ kind: 'notice', about: 'run', message: 'unheard' });
  emit(running);
  const { peer, events } = join();
  await peer.calls.standing();
  expect(events).toEqual([running]);
});

test('a new studio takes the place of the one before', async () => {
  const { join, emit } = begin();
  const [first, second] = [join(), join()];
  await expect(first.peer.calls.pause()).rejects.toMatchObject({ name: 'PeerGone' });
  emit(running);
  expect(await second.peer.calls.pause()).toEqual(ok('running'));
  expect([first.events, second.events]).toEqual([[], [running]]);
});

test('wrong arguments do not reach the run', async () => {
  const { join, calls } = begin();
  const { peer } = join();
  expect(await peer.calls.setBeta(-1)).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await peer.calls.setRate(0)).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await peer.calls.start({ ...request, runDir: '' })).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await peer.calls.standing()).toEqual(untouched);
  expect(calls).toEqual([]);
});

test('stopping ends the run before it is let go of, and before the end the studio has heard everything', async () => {
  const { trainer, join, calls, emit } = begin();
  const { events } = join();
  emit(finished);
  await trainer.stop();
  expect(calls).toEqual(['stop', 'dispose']);
  expect(events).toEqual([finished]);
});
