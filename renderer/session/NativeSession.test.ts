import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { say } from '../../shared/sentence.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import { NativeSession } from './NativeSession.svelte.js';

let gateway: FakeGateway;

beforeEach(() => {
  vi.useFakeTimers();
  gateway = new FakeGateway({ count: 20 });
});
afterEach(() => void vi.useRealTimers());

/** A window on the fake studio, as it is once it has asked how things stand. */
async function open() {
  const onChange = vi.fn<() => void>();
  const native = new NativeSession(gateway.studio, onChange);
  gateway.onEvent((event) => { if (event.kind === 'native') native.hear(event.progress); });
  await native.refresh();
  return { native, onChange };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the native backend', () => {
  it('is installed when asked for, and told of once', async () => {
    const { native, onChange } = await open();
    expect([native.status?.installed, native.status?.offer?.version]).toEqual([null, '2.21.0']);
    const done = native.install();
    await pass(1000);
    expect([native.work, native.progress?.phase]).toEqual(['installing', 'downloading']);
    expect(native.progress!.done! / native.progress!.total!).toBeGreaterThan(0);
    await Promise.all([done, pass(20_000)]);
    expect([native.work, native.progress, native.status?.installed?.version]).toEqual(['none', null, '2.21.0']);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('is not installed once it is cancelled, which is no failure', async () => {
    const { native, onChange } = await open();
    const done = native.install();
    await pass(1000);
    await native.cancel();
    expect(native.work).toBe('cancelling');
    await Promise.all([done, pass(200)]);
    expect([native.work, native.failure, native.hasBrokenOff, native.status?.installed]).toEqual(['none', null, false, null]);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('says why it could not be installed, until the next try', async () => {
    const { native } = await open();
    const failing = native.install();
    await pass(1000);
    gateway.studio.native.fail('The network does not answer.');
    await Promise.all([failing, pass(200)]);
    expect([native.work, native.failure?.message]).toEqual(['none', 'The network does not answer.']);
    const again = native.install();
    expect(native.failure).toBeNull();
    await Promise.all([again, pass(20_000)]);
    expect(native.status?.installed).not.toBeNull();
  });

  it('that another window installs is followed to its end', async () => {
    const [here, there] = [await open(), await open()];
    const done = there.native.install();
    await pass(1000);
    expect([here.native.work, here.native.progress]).toEqual(['installing', there.native.progress]);
    await here.native.install();
    expect(here.native.failure).toBeNull();
    await Promise.all([done, pass(20_000)]);
    expect([here.native.work, here.native.status?.installed?.version]).toEqual(['none', '2.21.0']);
    expect(here.onChange).toHaveBeenCalledTimes(1);
  });

  it('that was being installed before a reload is, and can still be cancelled', async () => {
    const before = await open();
    const done = before.native.install();
    await pass(1000);
    const { native } = await open();
    expect([native.work, native.progress?.phase]).toEqual(['installing', 'downloading']);
    await native.cancel();
    await Promise.all([done, pass(200)]);
    expect([native.work, native.hasBrokenOff]).toEqual(['none', false]);
  });

  it('whose installation ends without one elsewhere is said to have broken off', async () => {
    const [here, there] = [await open(), await open()];
    const done = there.native.install();
    await pass(1000);
    gateway.studio.native.fail('The disk is full.');
    await Promise.all([done, pass(200)]);
    expect([here.native.work, here.native.hasBrokenOff, there.native.hasBrokenOff]).toEqual(['none', true, false]);
  });

  it('is removed, but not while a run uses it', async () => {
    gateway.studio.native.complete();
    const run = gateway.studio.addRun(gateway.studio.addProject('shapes'), { model: 'dense', latent: 4, epochs: 100, beta: 1, rate: 0.001, seed: 0, executor: 'tensorflow' });
    void run.start();
    const { native, onChange } = await open();
    await native.remove();
    expect([native.failure?.code, native.status?.installed?.version]).toEqual(['busy', '2.21.0']);
    run.stop();
    await native.remove();
    expect([native.failure, native.status?.installed]).toEqual([null, null]);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('that cannot be installed says why and offers nothing', async () => {
    const noCompiler = say('native.unavailable', say('native.noCompiler'));
    gateway.studio.native.forbid(noCompiler);
    const { native } = await open();
    expect([native.status?.offer, native.status?.problem]).toEqual([null, noCompiler]);
  });
});
