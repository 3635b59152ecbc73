import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunSettings } from '../../shared/contract/studio.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import type { Gateway } from '../gateway/Gateway.js';
import { Notices } from './Notices.svelte.js';
import { RunSession } from './RunSession.svelte.js';

const settings: RunSettings = { model: 'dense', latent: 8, epochs: 20, batch: 128, beta: 1, rate: 0.001, seed: 3, executor: 'auto' };

function start() {
  const gateway = new FakeGateway({ count: 1000 });
  const wire = { isCut: false };
  /** As the gateway, but that events are lost while the wire is cut. */
  const wired: Gateway = {
    studio: gateway.studio,
    shell: gateway.shell,
    onEvent: (listener) => gateway.onEvent((event) => { if (!wire.isCut) listener(event); }),
    onConnection: (listener) => gateway.onConnection(listener),
  };
  const project = gateway.studio.addProject('shapes');
  const run = gateway.studio.addRun(project, settings);
  void run.start();
  const open = async (): Promise<RunSession> => {
    const [summary, status] = [await gateway.studio.openProject(project.dir), await gateway.studio.status()];
    if (!summary.ok) throw new Error(summary.error.message);
    const session = new RunSession(wired, new Notices(), run.dir, summary.value.runs[0]!.file, status.run, { dir: project.dir, dataset: summary.value.dataset! });
    session.begin();
    opened.push(session);
    await pass(0);
    return session;
  };
  return { gateway, wire, run, open };
}

const opened: RunSession[] = [];
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const columns = (session: RunSession) => session.metrics.steps.columns(0, Infinity);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const session of opened.splice(0)) session.dispose();
  vi.useRealTimers();
});

describe('RunSession', () => {
  it('has the same series whether it was there from the start or came later', async () => {
    const { open } = start();
    await pass(150);
    const early = await open();
    await pass(730);
    const late = await open();
    await pass(500);
    expect(late.step).toBeGreaterThan(150);
    expect(late.step).toBe(early.step);
    expect(columns(late)).toEqual(columns(early));
    expect(late.epochs).toEqual(early.epochs);
  });

  it('knows rate and time left from the stream', async () => {
    const { open } = start();
    await pass(150);
    const session = await open();
    await pass(400);
    expect(session.stepMs).toBeCloseTo(5, 1);
    const before = session.secondsLeft!;
    await pass(200);
    expect(before - session.secondsLeft!).toBeCloseTo(0.2, 1);
    expect(session.imagesPerSecond).toBeGreaterThan(20_000);
  });

  it('pauses, makes single steps, goes on and stops, and tells what cannot be asked', async () => {
    const { open } = start();
    await pass(500);
    const session = await open();
    expect(session.obstacle('step')).toBe('running');
    await session.pauseOrContinue();
    expect(session.state).toBe('paused');
    const steps = session.step;
    await session.makeStep();
    expect(session.step).toBe(steps + 1);
    await session.pauseOrContinue();
    expect(session.state).toBe('running');
    await session.stop();
    expect(session.isOver).toBe(true);
    expect(session.obstacle('pauseOrContinue')).toBe('over');
    expect(session.obstacle('resume')).toBeNull();
  });

  it('sees what another window does to the run', async () => {
    const { open } = start();
    await pass(500);
    const [here, there] = [await open(), await open()];
    await there.pauseOrContinue();
    expect(here.state).toBe('paused');
    await there.pauseOrContinue();
    await there.setBeta(4);
    await pass(300);
    expect(here.beta).toBe(4);
  });

  it('shows a new beta at once, and later what the steps have', async () => {
    const { open } = start();
    await pass(500);
    const [here, there] = [await open(), await open()];
    await here.setBeta(2);
    expect(here.beta).toBe(2);
    await pass(300);
    await there.setBeta(1);
    await pass(300);
    expect(here.beta).toBe(1);
  });

  it('finishes', async () => {
    const { open } = start();
    await pass(500);
    const session = await open();
    await pass(60_000);
    expect(session.state).toBe('finished');
    expect(session.progress).toBe(1);
    expect(session.epoch).toBe(20);
    expect(session.clauses[0]).toEqual({ kind: 'finished', epoch: 20 });
  });

  it('trains on with more epochs', async () => {
    const { open } = start();
    await pass(500);
    const session = await open();
    await pass(60_000);
    await Promise.all([session.resume(30), pass(200)]);
    await pass(100);
    expect(session.state).toBe('running');
    expect(session.spec.epochs).toBe(30);
    await pass(60_000);
    expect(session.state).toBe('finished');
    expect(session.epochs.at(-1)!.epoch).toBe(30);
    expect(columns(session).positions).toHaveLength(30 * session.stepsPerEpoch);
  });

  it('says why it failed, keeps what was measured, and can be taken up again', async () => {
    const { open, run } = start();
    await pass(500);
    const session = await open();
    const before = session.step;
    run.fail('The trainer ended unexpectedly.');
    await pass(0);
    expect(session.state).toBe('failed');
    expect(session.failure).toEqual({ message: 'The trainer ended unexpectedly.' });
    expect(session.step).toBe(before);
    await Promise.all([session.resume(), pass(400)]);
    expect(session.failure).toBeNull();
    expect(session.step).toBeGreaterThan(before);
  });

  it('goes on on another executor when its own fails, and says so until that is dismissed', async () => {
    const { open, run } = start();
    await pass(500);
    const session = await open();
    expect(session.fallback).toBeNull();
    run.fallBack('The executor tensorflow has failed.');
    expect([session.executor, session.state]).toEqual(['onnx', 'running']);
    expect(session.fallback).toEqual({ executor: 'onnx', reason: { message: 'The executor tensorflow has failed.' } });
    session.dismissFallback();
    expect(session.fallback).toBeNull();
  });

  it('that did not fit into memory says with which batch it may', async () => {
    const { open, run } = start();
    await pass(500);
    const session = await open();
    expect(session.remedy).toBeNull();
    run.runOutOfMemory();
    expect([session.state, session.remedy]).toEqual(['failed', { batch: 64 }]);
    await Promise.all([session.resume(), pass(400)]);
    expect(session.remedy).toBeNull();
  });

  it('catches up after the studio was out of reach, also with a run that ended meanwhile', async () => {
    const { gateway, wire, open, run } = start();
    await pass(500);
    const session = await open();
    gateway.setConnection('lost');
    wire.isCut = true;
    await pass(1000);
    run.stop();
    const missed = session.step;
    gateway.setConnection('connected');
    wire.isCut = false;
    await pass(10);
    expect(session.step).toBeGreaterThan(missed);
    expect(session.state).toBe('stopped');
    expect(columns(session)).toEqual(columns(await open()));
  });

  it('hears nothing more once it is disposed of', async () => {
    const { open } = start();
    await pass(500);
    const session = await open();
    const before = session.step;
    session.dispose();
    await pass(1000);
    expect(session.step).toBe(before);
  });
});
