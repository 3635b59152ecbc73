import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askPython } from './python.js';
import { findTool } from './runTool.js';
import { FakeMachine } from './testing/FakeMachine.js';

/** The one of this machine, before a test takes it out of sight. */
const python3 = findTool(['python3']);
const home = process.env['HOME'] ?? '';
const patience = { timeout: 60_000 };
let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(() => machine.dispose());

test.skipIf(!python3)('a real Python tells where its TensorFlow lies without importing it (skipped where there is no python3)', patience, async () => {
  const dir = machine.tensorflow();
  writeFileSync(join(dir, '__init__.py'), 'raise SystemExit("was imported")');
  machine.files('site/tensorflow_cpu-2.18.1.dist-info/RECORD');
  writeFileSync(join(machine.folder, 'site/tensorflow_cpu-2.18.1.dist-info/METADATA'), 'Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 2.18.1\n');
  machine.tool('python3', `HOME='${home}' PYTHONPATH='${join(machine.folder, 'site')}' exec '${python3}' "$@"`);
  expect(await askPython()).toEqual({ program: join(machine.folder, 'bin', 'python3'), hasPip: expect.any(Boolean) as boolean, tensorflow: { dir, version: '2.18.1' } });
});

test.skipIf(!python3)('a package named tensorflow that pip knows nothing of is none (skipped where there is no python3)', patience, async () => {
  machine.tensorflow();
  machine.tool('python3', `HOME='${home}' PYTHONPATH='${join(machine.folder, 'site')}' exec '${python3}' -S "$@"`);
  expect((await askPython())?.tensorflow).toBeNull();
});
