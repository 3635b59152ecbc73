import { existsSync } from 'node:fs';
import os from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../../shared/contract/rpc.js';
import type { Remote } from '../../shared/contract/rpc.js';
import type { Failure } from '../../shared/failure.js';
import { randomBits, randomKey } from '../../shared/random.js';
import type { Result } from '../../shared/result.js';
import { compiledUrl } from '../runtime/compiledUrl.js';
import { ElectronProcessHost } from './ElectronProcessHost.js';
import type { HostBase, HostOptions } from './HostBase.js';
import type { ChildHandle, ManagedProcess } from './ManagedProcess.js';
import { NodeProcessHost } from './NodeProcessHost.js';
import type { EntryName } from './ProcessHost.js';
import type { ProcessState } from './processState.js';
import { electronStandIn } from './testSupport/electronStandIn.js';
import type { PeerApi } from './testSupport/peerApi.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

const entries: Record<EntryName, string> = { studio: 'peer', importer: 'dies', trainer: 'stubborn', prover: 'peer' };
const hosts = [
  { name: 'NodeProcessHost', create: (options: HostOptions): HostBase<ChildHandle> => new NodeProcessHost(options) },
  { name: 'ElectronProcessHost (stand-in)', create: (options: HostOptions): HostBase<ChildHandle> => new ElectronProcessHost(electronStandIn, options) },
];

function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe.each(hosts)('$name', ({ create }) => {
  const lines: string[] = [];
  let host = create({});
  afterEach(() => host.dispose());

  function newHost(options: HostOptions = {}): void {
    lines.length = 0;
    host = create({
      urlOf: (entry) => compiledUrl(`./testEntries/${entries[entry]}.js`, import.meta.url),
      log: (line) => lines.push(line),
      ...options,
    });
  }

  /** A started peer and what it answers to this process. */
  async function peer(options = {}): Promise<{ managed: ManagedProcess; calls: Remote<PeerApi>; states: ProcessState[] }> {
    const managed = valueOf(await host.start('studio', options));
    const states: ProcessState[] = [managed.state];
    managed.onState((state) => states.push(state));
    const { calls } = connect<object, PeerApi>(valueOf(await host.open(managed, 'owner')), {});
    return { managed, calls, states };
  }

  test('a process starts, answers, stops when asked and has exited', async () => {
    newHost();
    const { managed, calls, states } = await peer();
    expect(await calls.echo({ a: Float32Array.of(1, 2) })).toEqual({ a: Float32Array.of(1, 2) });
    const pending = calls.never();
    void pending.catch(() => undefined);
    expect(await managed.stop()).toMatchObject({ kind: 'exited' });
    expect(await managed.stop()).toMatchObject({ kind: 'exited' });
    await expect(pending).rejects.toMatchObject({ name: 'PeerGone' });
    expect(states).toEqual(['running', 'stopping', 'exited']);
  });

  test('two processes are joined directly, each under the name of the other', async () => {
    newHost();
    const [a, b] = [await peer(), await peer()];
    expect(await host.connect(a.managed, b.managed)).toMatchObject({ ok: true });
    await expect.poll(() => a.calls.peers(), patience).toEqual(['owner', b.managed.name]);
    await expect.poll(() => b.calls.peers(), patience).toEqual(['owner', a.managed.name]);
    const large = new Float64Array(100_000).fill(0.5);
    expect(await a.calls.ask(b.managed.name, large)).toEqual(large);
    expect(await b.calls.ask(a.managed.name, 'back')).toBe('back');
  });

  test('environment, arguments and output pass; output comes line by line with the name in front', async () => {
    newHost();
    const { managed, calls } = await peer({ env: { MARKER: 'x' }, args: ['--flag'] });
    expect(await calls.facts()).toMatchObject({ marker: 'x', args: ['--flag'] });
    await calls.print('one\ntwo, ünï');
    await calls.print('code\nno end');
    await managed.stop();
    expect(lines).toEqual(['one', 'two, ünïcode', 'no end'].map((line) => `[${managed.name}] ${line}`));
  });

  test('a crash rejects every pending call and is no exit', async () => {
    newHost();
    const { managed, calls, states } = await peer();
    const pending = [calls.never(), calls.never()];
    void calls.crash().catch(() => undefined);
    for (const outcome of await Promise.allSettled(pending)) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'PeerGone' } });
    expect(await managed.ended).toMatchObject({ kind: 'crashed', message: `The process ${managed.name} ended with status 3.` });
    expect(states).toEqual(['running', 'crashed']);
    await expect(calls.echo(1)).rejects.toMatchObject({ name: 'PeerGone' });
    expect(await managed.stop()).toMatchObject({ kind: 'crashed' });
    expect(await host.open(managed, 'again')).toMatchObject({ ok: false, error: { code: 'crashed' } });
  });

  test('an error that nobody catches ends the process, and its first line is told', async () => {
    newHost();
    const { managed, calls } = await peer();
    await calls.fail();
    const { kind, message } = await managed.ended;
    expect(kind).toBe('crashed');
    expect(message).toContain('Error: nobody catches this');
    expect(lines[0]).toBe(`[${managed.name}] Error: nobody catches this`);
  });

  test('an error in the handler of a one-way message is as uncaught as any', async () => {
    newHost();
    const managed = valueOf(await host.start('studio'));
    const { send } = connect<object, PeerApi>(valueOf(await host.open(managed, 'owner')), {});
    send.throws('one way');
    expect(await managed.ended).toMatchObject({ kind: 'crashed', message: expect.stringContaining('RangeError: one way') as string });
  });

  test('a program that is missing or does not come up is a typed failure', async () => {
    newHost();
    expect(await host.start('importer')).toMatchObject({ ok: false, error: { code: 'crashed', message: expect.stringContaining('status 7: TypeError: no such luck') as string } });
    newHost({ urlOf: () => new URL('file:///nowhere/entry.js') });
    expect(await host.start('studio')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  test('a process that does not stop in time is killed, which is no clean exit', async () => {
    newHost({ deadlines: { startMs: 60_000, stopMs: 50 } });
    const stubborn = valueOf(await host.start('trainer'));
    const { managed, calls } = await peer();
    void calls.block(30_000).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const late = { kind: 'crashed', message: expect.stringContaining('did not stop in time') as string };
    expect([await stubborn.stop(), await managed.stop()]).toMatchObject([late, late]);
  });

  test('a process that is not ready in time is killed', async () => {
    newHost({ deadlines: { startMs: 1, stopMs: 50 } });
    expect(await host.start('studio')).toMatchObject({ ok: false, error: { code: 'crashed' } });
  });

  test('killed at random, a process takes nothing with it but the calls that it had not answered', async () => {
    newHost();
    const survivor = await peer();
    for (let seed = 0; seed < 6; seed++) {
      const random = (position: number, below: number): number => randomBits(randomKey(31, seed), position) % below;
      const victim = await peer();
      let asked: Promise<string> | null = null;
      if (seed % 2 === 0) {
        valueOf(await host.connect(survivor.managed, victim.managed));
        await expect.poll(() => survivor.calls.peers(), patience).toContain(victim.managed.name);
        asked = survivor.calls.askNever(victim.managed.name);
      }
      const calls = Array.from({ length: 1 + random(0, 30) }, (_, i) => (random(1 + i, 3) === 0 ? victim.calls.never() : victim.calls.echo(new Uint8Array(random(40 + i, 200_000)))));
      const outcomes = Promise.allSettled(calls);
      await new Promise((resolve) => setTimeout(resolve, random(99, 12)));
      victim.managed.kill();
      for (const outcome of await outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'PeerGone' });
      expect(await victim.managed.ended).toMatchObject({ kind: 'crashed' });
      expect(victim.states).toEqual(['running', 'crashed']);
      if (asked) expect(await asked).toBe('PeerGone');
      expect(await survivor.calls.echo(seed)).toBe(seed);
      expect(survivor.managed.state).toBe('running');
      expect(await host.connect(survivor.managed, victim.managed)).toMatchObject({ ok: false, error: { code: 'crashed' } });
    }
  });

  test('dispose leaves no process behind', async () => {
    newHost();
    const [a, b] = [await peer(), await peer()];
    host.dispose();
    host.dispose();
    expect([await a.managed.ended, await b.managed.ended]).toMatchObject([{ kind: 'crashed' }, { kind: 'crashed' }]);
  });
});

test('a process of low priority yields to its owner', async () => {
  const host = new NodeProcessHost({ urlOf: () => compiledUrl('./testEntries/peer.js', import.meta.url) });
  const managed = valueOf(await host.start('trainer', { priority: 'low' }));
  const { calls } = connect<object, PeerApi>(valueOf(await host.open(managed, 'owner')), {});
  expect((await calls.facts()).priority).toBe(os.constants.priority.PRIORITY_BELOW_NORMAL);
  expect(existsSync(`/proc/${managed.pid}`) || process.platform !== 'linux').toBe(true);
  await managed.stop();
});
