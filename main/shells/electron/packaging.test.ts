import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');

interface Configuration {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly asarUnpack: readonly string[];
  readonly files: readonly string[];
  readonly npmRebuild: boolean;
  readonly beforePack: string;
}

const configuration = load(read('electron-builder.yml')) as Configuration;

/** The builder's own schema and settings (app-builder-lib, `validateConfiguration`); compiled once, for it is slow. */
const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('app-builder-lib/scheme.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, coerceTypes: true }).compile(schema);

function complaints(candidate: object): string[] {
  // Types are coerced in place.
  validate(structuredClone(candidate));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

test('the configuration is what the builder understands', () => {
  expect(complaints(configuration)).toEqual([]);
});

test('a misspelt key is found, at the top and inside', () => {
  expect(complaints({ ...configuration, asarUnpak: [] })).not.toEqual([]);
  expect(complaints({ ...configuration, electronFuses: { ...configuration.electronFuses, runAsNod: false } })).not.toEqual([]);
  expect(complaints({ ...configuration, linux: { targets: 'deb' } })).not.toEqual([]);
});

test('every fuse that opens the program is off, and those that close it are on', () => {
  expect(configuration.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('the entry, the preload and the window are packed, and every native package leaves the archive', () => {
  const { main, dependencies } = JSON.parse(read('package.json')) as { main: string; dependencies: Readonly<Record<string, string>> };
  expect(main).toBe('dist/main/shells/electron/main.js');
  expect(configuration.files).toEqual(expect.arrayContaining(['dist/main/**', 'dist/shared/**', 'dist/preload/preload.cjs', 'dist/renderer/**', 'dist/native/**']));
  // It makes what lies in dist/native.
  expect(existsSync(new URL(configuration.beforePack, root))).toBe(true);
  const native = Object.keys(dependencies).filter((name) => ['onnxruntime-node', 'sharp'].includes(name));
  for (const name of native) expect(configuration.asarUnpack).toContain(`**/node_modules/${name}/**`);
  expect(native).toHaveLength(2);
  expect(configuration.npmRebuild).toBe(false);
  expect(existsSync(new URL('build/icon.png', root))).toBe(true);
});
