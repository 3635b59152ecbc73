import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../shared/random.js';
import { encodeWheel } from './testing/encodeWheel.js';
import { unpackWheel } from './unpackWheel.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'morphoscope-wheel-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Half of it compresses well. */
const noise = new Float32Array(500_000);
fillNormal(noise, randomKey(3));
const library = Buffer.concat([Buffer.alloc(2_000_000), Buffer.from(noise.buffer)]);

async function unpack(files: Readonly<Record<string, Uint8Array>>, signal = new AbortController().signal): Promise<{ bytes: number; found: string[] }> {
  const path = join(folder, 'a.whl');
  writeFileSync(path, encodeWheel(files));
  let bytes = 0;
  await unpackWheel(path, join(folder, 'out'), { signal, onBytes: (more) => (bytes += more) });
  const out = join(folder, 'out');
  const found = existsSync(out) ? readdirSync(out, { recursive: true, withFileTypes: true }) : [];
  return { bytes, found: found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1)).sort() };
}

test('libraries come out byte for byte and beside each other, headers where they are included from, and nothing else', async () => {
  const header = Buffer.from('#pragma once');
  const { bytes, found } = await unpack({
    'tensorflow/libtensorflow_cc.so.2': library,
    'nvidia/cudnn/lib/libcudnn_ops.so.9': library.subarray(7),
    'nvidia/cuda_nvrtc/lib/libnvrtc-builtins.alt.so.12.9': header,
    'tensorflow/include/tensorflow/c/c_api.h': header,
    'tensorflow/include/tsl/platform/ctstring_internal.h': header,
    'tensorflow/include/tensorflow/cc/ops.h': header,
    'tensorflow/include/tensorflow/core/platform/env.h': header,
    'tensorflow/python/_pywrap.so': library,
    'nvidia/cudnn/lib/__init__.py': header,
    'nvidia/cudnn/include/cudnn.h': header,
  });
  expect(found).toEqual([
    'include/tensorflow/c/c_api.h', 'include/tsl/platform/ctstring_internal.h', 'lib/libcudnn_ops.so.9', 'lib/libnvrtc-builtins.alt.so.12.9', 'lib/libtensorflow_cc.so.2',
  ]);
  expect(readFileSync(join(folder, 'out', 'lib', 'libtensorflow_cc.so.2')).equals(library)).toBe(true);
  expect(readFileSync(join(folder, 'out', 'lib', 'libcudnn_ops.so.9')).equals(library.subarray(7))).toBe(true);
  expect(bytes).toBe(2 * library.length - 7 + 3 * header.length);
});

test('no name leads out of the folder', async () => {
  const hostile = ['tensorflow/include/tensorflow/c/../../../../../evil.h', '../tensorflow/libtensorflow_cc.so.2', 'nvidia/../../lib/libevil.so', '/tensorflow/libtensorflow_cc.so.2'];
  for (const name of hostile) await unpack({ [name]: library }).catch(() => undefined);
  expect(readdirSync(folder).filter((name) => name !== 'a.whl' && name !== 'out')).toEqual([]);
  expect(existsSync(join(folder, '..', 'evil.h'))).toBe(false);
});

test('a cancellation ends it in the middle of a file', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(unpack({ 'tensorflow/libtensorflow_cc.so.2': library }, abort.signal)).rejects.toMatchObject({ failure: { code: 'cancelled' } });
});
