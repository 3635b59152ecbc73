import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSource } from './source.js';
import { FakeMachine } from './testing/FakeMachine.js';

const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
const pip = { hasPip: true, tensorflow: null };
let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(() => {
  machine.dispose();
  Object.defineProperty(process, 'platform', platform);
});

function on(name: NodeJS.Platform): void {
  Object.defineProperty(process, 'platform', { ...platform, value: name });
}

async function refusal(): Promise<string> {
  return findSource().then(() => 'none', (error: Error) => error.message);
}

test('a folder that is named comes first, whatever Python has', async () => {
  const dir = machine.tensorflow('2.20.0');
  machine.python({ hasPip: true, tensorflow: { dir: '/elsewhere', version: '2.21.0' } });
  machine.name(dir);
  expect(await findSource()).toMatchObject({ kind: 'folder', version: '2.20.0', flavour: 'cpu', dir, include: join(dir, 'include') });
});

test('an unpacked C library is a TensorFlow, too, whose version its own name tells', async () => {
  machine.files('c/lib/libtensorflow.so.2.18.1', 'c/lib/libtensorflow_framework.so.2', 'c/include/tensorflow/c/c_api.h');
  const lib = join(machine.folder, 'c', 'lib');
  symlinkSync('libtensorflow.so.2.18.1', join(lib, 'libtensorflow.so.2'));
  machine.name(join(machine.folder, 'c'));
  expect(await findSource()).toMatchObject({ version: '2.18.1', main: [join(lib, 'libtensorflow.so.2'), join(lib, 'libtensorflow_framework.so.2')] });
});

test('a named folder that has none, half of one or an old one is refused by name', async () => {
  machine.name(machine.folder);
  expect(await refusal()).toMatch(new RegExp(`names ${machine.folder}, where there are no libtensorflow_cc.*embedded backend`));
  machine.name(machine.tensorflow('2.9.1'));
  expect(await refusal()).toMatch(/names TensorFlow 2\.9\.1, and 2\.16 to 2\.x can be used/);
  renameSync(join(machine.folder, 'site/tensorflow/include'), join(machine.folder, 'include'));
  expect(await refusal()).toMatch(/there are no libtensorflow_cc/);
});

test('the TensorFlow of Python is used when the binding knows its version, else one is fetched', async () => {
  const dir = machine.tensorflow();
  machine.python({ hasPip: false, tensorflow: { dir, version: '2.18.0' } });
  expect(await findSource()).toMatchObject({ kind: 'python', version: '2.18.0', dir });
  machine.python({ hasPip: true, tensorflow: { dir, version: '2.12.0' } });
  expect(await findSource()).toMatchObject({ kind: 'wheel', version: '2.21.0', flavour: 'cpu', python: join(machine.folder, 'bin', 'python3') });
  machine.python({ hasPip: true, tensorflow: { dir: '/gone', version: '2.20.0' } });
  expect(await findSource()).toMatchObject({ kind: 'wheel' });
});

test('with a driver for NVIDIA, the one with CUDA is fetched, and libraries of CUDA beside a TensorFlow are used', async () => {
  machine.python(pip);
  machine.tool('nvidia-smi');
  const fetched = await findSource();
  expect(fetched).toMatchObject({ kind: 'wheel', flavour: 'cuda' });
  expect(fetched.kind === 'wheel' && fetched.wheels.map(({ project }) => project)).toContain('nvidia-cudnn-cu12');
  machine.name(machine.tensorflow('2.21.0'));
  machine.files('site/nvidia/cudnn/lib/libcudnn.so.9', 'site/nvidia/cudnn/lib/__init__.py', 'site/nvidia/cuda_nvcc/bin/ptxas');
  expect(await findSource()).toMatchObject({ flavour: 'cuda', cuda: [join(machine.folder, 'site/nvidia/cudnn/lib/libcudnn.so.9')] });
});

test('what is missing is told in one sentence with what to do', async () => {
  expect(await refusal()).toBe('There is no python3 (3.8 or newer), whose pip fetches TensorFlow: install Python 3; until then the embedded backend is used.');
  machine.tool('python3', 'echo "SyntaxError" >&2', 'exit 1');
  expect(await refusal()).toMatch(/^There is no python3/);
  machine.tool('python3', 'echo "not what was asked for"');
  expect(await refusal()).toMatch(/^There is no python3/);
  machine.python({ hasPip: false, tensorflow: null });
  expect(await refusal()).toMatch(/python3 has no pip, which fetches TensorFlow: install pip for it/);
});

test('on macOS nothing is fetched, but a folder may be named; on Windows there is nothing to do', async () => {
  machine.python(pip);
  on('darwin');
  expect(await refusal()).toMatch(/made for Linux, and on macOS nothing is fetched: unpack one and name its folder in MORPHOSCOPE_TENSORFLOW/);
  machine.files('mac/lib/libtensorflow_cc.2.dylib', 'mac/lib/libtensorflow_framework.2.dylib', 'mac/include/tensorflow/c/c_api.h');
  machine.name(join(machine.folder, 'mac'));
  expect(await findSource()).toMatchObject({ kind: 'folder', version: 'unknown' });
  on('win32');
  expect(await refusal()).toMatch(/there are no libtensorflow_cc/);
  machine.name(undefined);
  expect(await refusal()).toBe('The native backend is made for Linux, and on win32 nothing is fetched; until then the embedded backend is used.');
});
