import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isNativeChatter } from './chatter.js';
import { nativeEnvironment } from './environment.js';
import { installedNative } from './installation.js';

const known = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  'I0000 00:00:1795394231.762520    8813 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results.',
];

test('what TensorFlow says of itself at every start is no news, and everything else is', () => {
  expect(known.map(isNativeChatter)).toEqual([true, true]);
  const news = ['E0000 00:00:1795394231.762520    8813 cuda_executor.cc:1] failed call to cuInit', 'Error: oneDNN custom operations are on.', '', 'WARNING: low memory'];
  expect(news.map(isNativeChatter)).toEqual([false, false, false, false]);
});

describe.skipIf(!installedNative())('with the native backend (npm run -s cli -- native install)', () => {
  test('loading TensorFlow says nothing else', () => {
    const { binding, libraries } = installedNative()!;
    const env = { ...process.env, ...nativeEnvironment(libraries) };
    const { stderr, status } = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(binding)})`], { encoding: 'utf8', env });
    expect(status).toBe(0);
    expect(stderr.split('\n').filter((line) => line !== '' && !isNativeChatter(line))).toEqual([]);
  });
});
