import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StudioEvent } from '../../shared/contract/studio.js';
import { ok } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { Prove } from '../native/install.js';
import { FakeMachine } from '../native/testing/FakeMachine.js';
import { NativeService } from './NativeService.js';

let machine: FakeMachine;
let events: StudioEvent[];
let used: boolean;

beforeEach(() => {
  machine = new FakeMachine();
  machine.compiler();
  machine.name(machine.tensorflow('2.20.0'));
  events = [];
  used = false;
});
afterEach(() => machine.dispose());

const proof = ok({ version: '2.20.0', devices: ['CPU:0'], missing: [] });

function service(prove: Prove = () => Promise.resolve(proof)): NativeService {
  return new NativeService({ prove, emit: (event) => events.push(event), isInUse: () => used });
}

/** A service that has begun to install and waits for its proof. */
async function proving(): Promise<{ native: NativeService; outcome: ReturnType<NativeService['install']>; prove(): void }> {
  let prove = (): void => undefined;
  const native: { service?: NativeService } = {};
  let outcome: ReturnType<NativeService['install']> | undefined;
  await new Promise<void>((asked) => {
    native.service = service(() => {
      asked();
      return new Promise((resolve) => (prove = () => resolve(proof)));
    });
    outcome = native.service.install();
  });
  return { native: native.service!, outcome: outcome!, prove: () => prove() };
}

test('from an offer to an installation and back', async () => {
  const native = service();
  const offered = await native.status();
  expect(offered).toMatchObject({ installed: null, offer: { version: '2.20.0', source: 'folder' }, problem: null, installing: null });
  const installed = await native.install();
  expect(installed).toMatchObject({ ok: true, value: { installed: { version: '2.20.0', devices: ['CPU:0'] }, offer: null, problem: null, installing: null } });
  expect(Object.keys(installed.ok ? installed.value.installed! : {}).sort()).toEqual(['bytes', 'devices', 'dir', 'flavour', 'source', 'version']);
  expect(events.map((event) => event.kind === 'native' && event.progress?.phase)).toEqual(['looking', 'compiling', 'proving', undefined]);
  expect(await native.remove()).toEqual(ok(offered));
});

test('a window that comes in the middle sees how far it is, and a second wish is refused', async () => {
  const { native, outcome, prove } = await proving();
  expect((await native.status()).installing).toMatchObject({ phase: 'proving' });
  expect(await native.install()).toMatchObject({ ok: false, error: { code: 'busy', message: expect.stringContaining('being installed') as string } });
  expect(await native.remove()).toMatchObject({ ok: false, error: { code: 'busy' } });
  prove();
  expect(await outcome).toMatchObject({ ok: true, value: { installing: null } });
});

test('a cancelled installation fails as such, and the next one succeeds', async () => {
  const { native, outcome, prove } = await proving();
  await native.cancel();
  prove();
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(events.at(-1)).toEqual({ kind: 'native', progress: null });
  expect(await native.status()).toMatchObject({ installed: null, installing: null, offer: {} });
  expect((await service().install()).ok).toBe(true);
});

test('nothing is removed while a run computes with it', async () => {
  const native = service();
  await native.install();
  used = true;
  expect(await native.remove()).toMatchObject({ ok: false, error: { code: 'busy', message: expect.stringContaining('stop it first') as string } });
  expect((await native.status()).installed).not.toBeNull();
  used = false;
  expect((await native.remove()).ok).toBe(true);
});

test('what cannot be installed is no offer but a problem, and asking for it fails with the same sentence', async () => {
  machine.name(machine.folder);
  const native = service();
  const { offer, problem } = await native.status();
  expect([offer, problem]).toEqual([null, say('native.unavailable', say('native.namedEmpty', machine.folder))]);
  expect(await native.install()).toMatchObject({ ok: false, error: { ...problem } });
  expect(existsSync(`${machine.native}/installed.json`)).toBe(false);
});
