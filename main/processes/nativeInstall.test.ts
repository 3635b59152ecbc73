import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StudioEvent } from '../../shared/contract/studio.js';
import { installedNative } from '../native/installation.js';
import { findTool } from '../native/runTool.js';
import { FakeMachine } from '../native/testing/FakeMachine.js';
import { NodeProcessHost } from './NodeProcessHost.js';
import { startStudio, type StudioService } from './studioService.js';

/** For machines with other things to do; a compiler is one of them. */
const patience = { timeout: 120_000 };
/** What is there before a test takes it out of sight. */
const present = installedNative();
const compiler = findTool(['c++']);

let machine: FakeMachine;
let service: StudioService | null = null;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(async () => {
  await service?.dispose();
  machine.dispose();
});

/** The processes of a studio, which see the machine as it is when they start. */
async function begin(): Promise<{ studio: StudioService['studio']; events: StudioEvent[] }> {
  const events: StudioEvent[] = [];
  service = await startStudio(new NodeProcessHost({ log: () => undefined }));
  service.onEvent((event) => events.push(event));
  return { studio: service.studio, events };
}

test('a binding that does not load ends nothing but the process that tries it', patience, async () => {
  machine.compiler();
  machine.name(machine.tensorflow('2.20.0'));
  const { studio } = await begin();
  expect(await studio.installNative()).toMatchObject({
    ok: false, error: { code: 'resources', message: expect.stringMatching(/does not work here \(TensorFlow does not load: .*invalid ELF header/) as string },
  });
  expect(await studio.nativeStatus()).toMatchObject({ installed: null, offer: { source: 'folder' } });
});

describe.skipIf(!present || !compiler)('with TensorFlow (skipped where the native backend is not installed or there is no compiler)', () => {
  test('it is installed from where it lies, proved by a matrix product, and removed without touching that', patience, async () => {
    machine.tool('c++', `exec ${compiler} "$@"`);
    machine.name(present!.dir);
    const { studio, events } = await begin();
    const installed = await studio.installNative();
    expect(installed).toMatchObject({ ok: true, value: { installed: { version: present!.version, source: 'folder' }, problem: null } });
    expect(events.flatMap((event) => (event.kind === 'native' ? [event.progress?.phase ?? 'over'] : []))).toEqual(['looking', 'compiling', 'proving', 'over']);
    expect((await studio.doctor()).native.installed?.devices).toContain('CPU:0');
    expect(await studio.removeNative()).toMatchObject({ ok: true, value: { installed: null, offer: { source: 'folder' } } });
  });
});
