import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import { commandHelp } from './help.js';
import { native } from './commands/native.js';

/** For machines with other things to do. */
const patience = { timeout: 60_000 };
const entry = compiledUrl('./main.js', import.meta.url).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'morphoscope-native-cli-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tool(name: string, ...lines: string[]): void {
  writeFileSync(join(folder, 'bin', name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(folder, 'bin', name), 0o755);
}

/** Runs `native ...` on a machine with only those tools; `onError` hears of standard error and may interrupt. */
function cli(words: readonly string[], onError?: (text: string, interrupt: () => void) => void): Promise<{ status: number | null; results: unknown[]; err: string }> {
  const program = `const { main } = await import(${JSON.stringify(entry)}); process.exitCode = await main(process.argv.slice(1));`;
  const env = { PATH: join(folder, 'bin'), HOME: folder, MORPHOSCOPE_CACHE: join(folder, 'cache') };
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', 'native', ...words, '--json'], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => onError?.((err += data.toString()), () => child.kill('SIGINT')));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, err, results: out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown) }));
  });
}

test('what is missing is told by status as a fact, and by install as a failure', patience, async () => {
  const problem = expect.stringMatching(/^There is no python3 .*embedded backend is used\.$/) as string;
  expect(await cli(['status'])).toMatchObject({ status: 0, results: [{ kind: 'native', installed: null, offer: null, problem, installing: null }] });
  expect(await cli(['install'])).toMatchObject({ status: 1, results: [{ kind: 'error', code: 'resources', message: problem }] });
  expect(await cli(['remove'])).toMatchObject({ status: 0, results: [{ kind: 'native', installed: null }] });
});

test('Ctrl-C cancels while pip is at work, and nothing half done is left', patience, async () => {
  tool('c++');
  tool('python3', `[ "$1" = -c ] && { echo '{"hasPip":true,"tensorflow":null}'; exit 0; }`, 'exec /bin/sleep 60');
  let interrupted = false;
  const ended = await cli(['install'], (err, interrupt) => {
    if (interrupted || !err.includes('Fetching TensorFlow')) return;
    interrupted = true;
    interrupt();
  });
  expect(ended).toMatchObject({ status: 130, results: [], err: expect.stringMatching(/Getting TensorFlow: TensorFlow 2\.21\.0.*274 MB to fetch[^]*cancelled\.\n$/) as string });
  expect(readdirSync(join(folder, 'cache', 'native', 'wheels'))).toEqual([]);
});

test('a word that it does not have is wrong usage, with the one that was meant', patience, async () => {
  expect(await cli([])).toMatchObject({ status: 2, results: [{ code: 'usage', message: 'native needs one of install, status, remove after it.' }] });
  expect(await cli(['instal'])).toMatchObject({ status: 2, results: [{ message: expect.stringMatching(/did you mean install\?/) as string }] });
  expect(await cli(['status', '--force'])).toMatchObject({ status: 2, results: [{ message: expect.stringMatching(/^native status has no option --force/) as string }] });
});

test('its help has its words and what they do', () => {
  const help = commandHelp(native);
  expect(help).toMatch(/native install\|status\|remove \[options\]/);
  expect(help).toMatch(/MORPHOSCOPE_TENSORFLOW/);
});
