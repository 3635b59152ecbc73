import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failure } from '../../shared/failure.js';
import type { NativeProgress } from '../../shared/native.js';
import { err, ok } from '../../shared/result.js';
import { checkRoom } from './disk.js';
import { inspectInstallation, installedNative } from './installation.js';
import { installNative, offerNative, removeNative, type Prove } from './install.js';
import type { NativeProof } from './proof.js';
import { FakeMachine } from './testing/FakeMachine.js';

const proof: NativeProof = { version: '2.20.0', devices: ['CPU:0'], missing: [] };
const good: Prove = () => Promise.resolve(ok(proof));
let machine: FakeMachine;
let dir: string;

beforeEach(() => {
  machine = new FakeMachine();
  machine.compiler();
  dir = machine.tensorflow('2.20.0');
  machine.name(dir);
});
afterEach(() => machine.dispose());

function install(prove = good, { signal = new AbortController().signal, onProgress = (): void => undefined }: { signal?: AbortSignal; onProgress?(told: NativeProgress): void } = {}) {
  return installNative({ prove, signal, onProgress });
}

function failing(code: string, message: RegExp): object {
  return { failure: { code, message: expect.stringMatching(message) as string } };
}

const compiled = (): number => readFileSync(join(machine.folder, 'compiled'), 'utf8').length / 2;

test('what is installed is what was proved, where it was proved, by links to what is there', async () => {
  const asked: string[][] = [];
  const told: string[] = [];
  const installed = await install((binding, libraries) => {
    asked.push([binding, ...libraries]);
    return good(binding, libraries, new AbortController().signal);
  }, { onProgress: ({ phase }) => told.push(phase) });
  const home = join(machine.native, `2.20.0-cpu-${process.arch}`);
  expect(installed).toMatchObject({ version: '2.20.0', flavour: 'cpu', source: 'folder', dir, devices: ['CPU:0'], gpuProblem: null, libraries: [join(home, 'lib')] });
  expect(installed.binding).toBe(join(home, 'binding', 'tfjs_binding.node'));
  expect(asked).toEqual([[join(machine.native, 'partial/binding/tfjs_binding.node'), join(machine.native, 'partial/lib')]]);
  expect(readlinkSync(join(home, 'lib', 'libtensorflow_cc.so.2'))).toBe(join(dir, 'libtensorflow_cc.so.2'));
  expect(told).toEqual(['looking', 'compiling', 'proving']);
  expect(installedNative()).toEqual(installed);
  expect(readdirSync(machine.native).sort()).toEqual([`2.20.0-cpu-${process.arch}`, 'bindings', 'installed.json']);
  expect(readFileSync(installed.binding, 'utf8')).toMatch(/-rpath,\$ORIGIN\/\.\.\/lib/);
});

test('a second installation does nothing, and a second compilation is not needed', async () => {
  const first = await install();
  expect(await install(() => Promise.reject(new Error('is not asked')))).toEqual(first);
  rmSync(join(machine.native, 'installed.json'));
  await install();
  expect(compiled()).toBe(1);
});

test('removing gives all its room back, and what was linked stays', async () => {
  await install();
  await removeNative();
  expect(readdirSync(machine.native)).toEqual([]);
  expect(existsSync(join(dir, 'libtensorflow_cc.so.2'))).toBe(true);
  expect(inspectInstallation()).toEqual({ installed: null, problem: null });
  await removeNative();
});

describe('nothing counts as installed', () => {
  test('that does not work: the binding crashes, computes wrongly or is of a wrong version', async () => {
    await expect(install(() => Promise.resolve(err(failure('crashed', 'The prover was ended by the signal SIGILL.'))))).rejects.toMatchObject(
      failing('resources', /does not work here \(The prover was ended by the signal SIGILL\); until then the embedded backend is used\.$/),
    );
    await expect(install(() => Promise.resolve(ok({ ...proof, version: '2.9.0' })))).rejects.toMatchObject(failing('resources', /TensorFlow 2\.9\.0, and 2\.16 to 2\.x/));
    expect(installedNative()).toBeNull();
    expect((await install()).version).toBe('2.20.0');
  });

  test('that does not compile: the words of the compiler are told', async () => {
    machine.tool('c++', 'echo "c_api.h:1:1: fatal error: no such thing" >&2', 'exit 1');
    await expect(install()).rejects.toMatchObject(failing('resources', /could not compile.*fatal error: no such thing/));
    machine.compiler();
    expect((await install()).version).toBe('2.20.0');
  });

  test('that is cancelled while it is proved', async () => {
    const abort = new AbortController();
    const proving: Prove = () => {
      abort.abort();
      return Promise.resolve(err(failure('crashed', 'It was stopped.')));
    };
    await expect(install(proving, { signal: abort.signal })).rejects.toMatchObject(failing('cancelled', /cancelled/));
    expect(installedNative()).toBeNull();
  });
});

test('without a compiler nothing is begun', async () => {
  rmSync(join(machine.folder, 'bin', 'c++'));
  await expect(offerNative()).rejects.toMatchObject(failing('resources', /no C\+\+ compiler.*install g\+\+ or clang; until then the embedded backend is used/));
  await expect(install()).rejects.toMatchObject(failing('resources', /no C\+\+ compiler/));
});

test('an offer says what would be fetched and needed before anything is', async () => {
  expect(await offerNative()).toMatchObject({ version: '2.20.0', flavour: 'cpu', source: 'folder', downloadBytes: 0 });
  machine.name(undefined);
  machine.python({ hasPip: true, tensorflow: null });
  const offer = await offerNative();
  expect(offer).toMatchObject({ version: '2.21.0', source: 'wheel' });
  expect(offer.diskBytes).toBeGreaterThan(offer.downloadBytes + 800e6);
  expect(existsSync(machine.cache)).toBe(false);
});

test('a disk without room is told of before anything is fetched', async () => {
  await expect(checkRoom(1e18)).rejects.toMatchObject(failing('resources', /needs 1000000000\.0 GB of room.*make room, or name a folder on another disk in MORPHOSCOPE_CACHE/));
});

describe('an installation is noticed to be broken and repaired by another when', () => {
  test.each<[string, (installed: { binding: string; libraries: readonly string[] }) => void, RegExp]>([
    ['a library was cut', () => truncateSync(join(dir, 'libtensorflow_cc.so.2'), 3), /libtensorflow_cc\.so\.2 is not what it was/],
    ['another TensorFlow took its place', () => utimesSync(join(dir, 'libtensorflow_framework.so.2'), 1, 1), /libtensorflow_framework\.so\.2 is not what it was/],
    ['its binding is gone', ({ binding }) => rmSync(binding), /tfjs_binding\.node is not what it was.*install it again/],
    ['its description was cut', () => truncateSync(join(machine.native, 'installed.json'), 20), /installed\.json, which describes the native backend, is damaged/],
    ['its description is of something else', () => writeFileSync(join(machine.native, 'installed.json'), '{"version":7}'), /is damaged/],
  ])('%s', async (_, damage, problem) => {
    damage(await install());
    expect(inspectInstallation()).toMatchObject({ installed: null, problem: { message: expect.stringMatching(problem) as string } });
    expect((await install()).version).toBe('2.20.0');
    expect(inspectInstallation().problem).toBeNull();
  });
});

test('what a killed installation left is in nobody\'s way and goes', async () => {
  mkdirSync(join(machine.native, 'partial', 'lib'), { recursive: true });
  writeFileSync(join(machine.native, 'partial', 'lib', 'libtensorflow_cc.so.2'), 'half');
  mkdirSync(join(machine.native, 'wheels', 'abc.partial'), { recursive: true });
  // Its process is no more: no process has such a number.
  writeFileSync(join(machine.native, '.lock'), JSON.stringify({ pid: 4194999, host: hostname(), since: '2026-01-01T00:00:00.000Z', processStart: null }));
  await install();
  expect(readdirSync(machine.native).sort()).toEqual([`2.20.0-cpu-${process.arch}`, 'bindings', 'installed.json']);
});

test('two installations at once do not meet: the second is told who is at it', async () => {
  let answer: (proof: Awaited<ReturnType<Prove>>) => void = () => undefined;
  const first = { done: Promise.resolve({ version: '' }) };
  await new Promise<void>((asked) => {
    first.done = install(() => {
      asked();
      return new Promise((resolve) => (answer = resolve));
    });
  });
  await expect(install()).rejects.toMatchObject(failing('busy', new RegExp(`being installed or removed in another place \\(process ${process.pid}`)));
  await expect(removeNative()).rejects.toMatchObject(failing('busy', /being installed or removed/));
  answer(ok(proof));
  expect((await first.done).version).toBe('2.20.0');
});

test('a GPU that is not used is told of with every library that did not load', async () => {
  machine.tool('nvidia-smi');
  machine.files('site/nvidia/cudnn/lib/libcudnn.so.9');
  const missing = ['libcuda.so.1: cannot open shared object file'];
  const installed = await install(() => Promise.resolve(ok({ ...proof, missing })));
  expect(installed.flavour).toBe('cuda');
  expect(inspectInstallation().problem?.message).toMatch(/computes on the processor\. These libraries did not load: libcuda\.so\.1: cannot open/);
  expect(readlinkSync(join(installed.libraries[0]!, 'libcudnn.so.9'))).toContain('site/nvidia/cudnn/lib');
  await removeNative();
  const used = await install(() => Promise.resolve(ok({ ...proof, devices: ['CPU:0', 'GPU:0 (one)'] })));
  expect(used.gpuProblem).toBeNull();
});
