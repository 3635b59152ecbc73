import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { EventListenerApi } from '../../shared/contract/events.js';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import { connect } from '../../shared/contract/rpc.js';
import type { TrainerEvent } from '../../shared/contract/trainer.js';
import type { Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { ProcessEnd, TrainerConnection } from '../studio/studioProcesses.js';
import { BrokeredProcesses } from './BrokeredProcesses.js';
import type { NeighbourEvents, OwnerApi } from './ownerApi.js';
import type { TrainerProcessApi } from './TrainerProcess.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

function channel(): [Transport, Transport] {
  const { port1, port2 } = new MessageChannel();
  return [new MessagePortTransport(port1), new MessagePortTransport(port2)];
}

const crashed: ProcessEnd = { kind: 'crashed', message: 'It was ended.' };
const finished: TrainerEvent = { kind: 'finished', state: 'finished', step: 1, last: null };

/** A studio's processes with an owner that is a script. */
function begin(answers: Partial<OwnerApi> = {}) {
  const [near, far] = channel();
  const stopped: string[] = [];
  const owner = connect<OwnerApi, NeighbourEvents>(far, {
    startImporter: () => Promise.resolve(err(failure('resources', 'none'))),
    startTrainer: () => Promise.resolve(ok('trainer-1')),
    startProver: () => Promise.resolve(ok('prover-1')),
    joinTrainer: () => Promise.resolve(null),
    stopProcess: (name) => {
      stopped.push(name);
      return Promise.resolve();
    },
    ...answers,
  });
  const processes = new BrokeredProcesses(near);
  /** The trainer's end of its connection to the studio, whose run answers nothing but how it stands. */
  const joinTrainer = () => {
    const [mine, its] = channel();
    const peer = connect<Pick<TrainerProcessApi, 'standing' | 'pause'>, EventListenerApi>(its, {
      standing: () => Promise.resolve({ request: null, started: null }),
      pause: () => new Promise(() => undefined),
    });
    processes.accept('trainer-1', mine);
    return peer;
  };
  return { owner, processes, stopped, joinTrainer };
}

async function connected(started: ReturnType<BrokeredProcesses['startTrainer']>): Promise<TrainerConnection> {
  const trainer = await started;
  if (!trainer.ok) throw new Error(trainer.error.message);
  return trainer.value;
}

test('a trainer has ended only once everything that it said has been heard, whatever came first', async () => {
  const { owner, processes, joinTrainer } = begin();
  const starting = processes.startTrainer();
  const its = joinTrainer();
  const trainer = await connected(starting);
  const log: string[] = [];
  trainer.onEvent((event) => void log.push(event.kind));
  void trainer.ended.then(({ kind }) => log.push(kind));
  owner.send.ended('trainer-1', crashed);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).toEqual([]);
  its.send.event(finished, null);
  its.transport.close();
  expect(await trainer.ended).toEqual(crashed);
  expect(log).toEqual(['finished', 'crashed']);
});

test('a call that the trainer does not answer fails with how it ended', async () => {
  const { owner, processes, joinTrainer } = begin();
  const starting = processes.startTrainer();
  const its = joinTrainer();
  const trainer = await connected(starting);
  const pending = trainer.api.pause();
  its.transport.close();
  owner.send.ended('trainer-1', crashed);
  expect(await pending).toEqual(err(failure('crashed', crashed.message)));
  expect(await trainer.api.setBeta(1)).toEqual(err(failure('crashed', crashed.message)));
});

test('a trainer that talks nonsense is stopped, and that is why it ended', async () => {
  const { owner, processes, stopped, joinTrainer } = begin();
  const starting = processes.startTrainer();
  const its = joinTrainer();
  const trainer = await connected(starting);
  its.send.event({ kind: 'snapshot', weights: 'none' }, null);
  await expect.poll(() => stopped, patience).toEqual(['trainer-1']);
  owner.send.ended('trainer-1', { kind: 'exited', message: 'It has ended.' });
  expect(await trainer.ended).toMatchObject({ kind: 'crashed', message: expect.stringContaining('no message') as string });
});

test('a process that ends before its connection arrives is a failure, not a wait', async () => {
  const { owner, processes } = begin();
  const starting = processes.startTrainer();
  owner.send.ended('trainer-1', crashed);
  expect(await starting).toEqual(err(failure('crashed', crashed.message)));
});

test('what the owner cannot do is passed on', async () => {
  const refused = err(failure('resources', 'no more processes'));
  const { processes } = begin({ startTrainer: () => Promise.resolve(refused) });
  expect(await processes.startTrainer()).toEqual(refused);
  expect(await processes.runningTrainer()).toBe(null);
  expect(await processes.importer.decodeImage('/a', { width: 1, height: 1, channels: 1 })).toMatchObject({ ok: false, error: { code: 'resources' } });
});

test('the trainer that is running is joined by its name', async () => {
  const { processes, joinTrainer } = begin({ joinTrainer: () => Promise.resolve('trainer-1') });
  joinTrainer();
  expect(await processes.runningTrainer()).toMatchObject({ request: null });
});
