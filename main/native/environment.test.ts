import { afterEach, expect, test, vi } from 'vitest';
import { nativeEnvironment } from './environment.js';

afterEach(() => vi.unstubAllEnvs());

test.runIf(process.platform === 'linux')('folders of libraries come before those that are searched already', () => {
  vi.stubEnv('LD_LIBRARY_PATH', '/opt/a::/opt/b');
  expect(nativeEnvironment(['/n/lib'])['LD_LIBRARY_PATH']).toBe('/n/lib:/opt/a:/opt/b');
  vi.stubEnv('LD_LIBRARY_PATH', undefined);
  expect(nativeEnvironment(['/n/lib'])['LD_LIBRARY_PATH']).toBe('/n/lib');
  expect(nativeEnvironment([])).not.toHaveProperty('LD_LIBRARY_PATH');
});

test('what a person has set themselves stays', () => {
  vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', '0');
  vi.stubEnv('TF_FORCE_GPU_ALLOW_GROWTH', undefined);
  expect(nativeEnvironment([])).toEqual({ TF_CPP_MIN_LOG_LEVEL: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'true' });
});
