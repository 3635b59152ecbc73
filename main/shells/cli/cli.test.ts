import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomKey, randomUniform } from '../../../shared/random.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';

/** For machines with other things to do. */
const patience = { timeout: 120_000 };
const entry = compiledUrl('./main.js', import.meta.url).href;

interface Ended {
  readonly status: number | null;
  readonly err: string;
  /** Standard output, line by line; objects where the line is JSON. */
  readonly lines: readonly unknown[];
}

/** Runs one command line as a process; `onLine` may send it signals. */
function cli(words: readonly string[], onLine?: (line: string, kill: () => void) => void): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `const { main } = await import(${JSON.stringify(entry)}); process.exitCode = await main(process.argv.slice(1));`, '--', ...words],
    // What lies in the user's cache is none of the tests' business.
    { cwd: folder, env: { ...process.env, MORPHOSCOPE_CACHE: join(folder, 'cache') } },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    const from = out.split('\n').length - 1;
    out += data.toString();
    for (const line of out.split('\n').slice(from, -1)) onLine?.(line, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, err, lines: out.split('\n').filter((line) => line !== '').map(parsed) }));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

const kinds = ({ lines }: Ended): unknown[] => lines.map((line) => (line as { kind?: unknown }).kind);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'morphoscope-cli-'));
  for (const [label, name] of ['dark', 'light'].entries()) {
    mkdirSync(join(folder, 'pictures', name), { recursive: true });
    for (let image = 0; image < 12; image++) {
      const pixels = Uint8Array.from({ length: 64 }, (_, at) => 128 * label + 127 * randomUniform(randomKey(label, image), at));
      await sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } }).png().toFile(join(folder, 'pictures', name, `${image}.png`));
    }
  }
  writeFileSync(join(folder, 'pictures', 'dark', 'broken.png'), 'no picture');
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = ['--images', 'pictures', '--size', '8', '--hidden', '16', '--batch', '8', '--json'];

test('from a folder of pictures to a model, its embedding, a morph and a picture of the cloud', patience, async () => {
  const trained = await cli(['train', ...small, '--epochs', '2', '--latent', '3', '--out', 'a.morphoscope']);
  expect(trained.err).toContain('Skipped dark/broken.png');
  expect([trained.status, kinds(trained)]).toEqual([0, ['dataset', 'start', 'epoch', 'epoch', 'done']]);
  expect(trained.lines[0]).toMatchObject({ count: 24, classes: ['dark', 'light'], report: { skipped: [{ name: 'dark/broken.png' }] } });
  expect(trained.lines[2]).toMatchObject({ epoch: 1, train: { elbo: expect.any(Number), reconstruction: expect.any(Number), kl: expect.any(Number) }, stepMs: expect.any(Number) });

  const run = ['--run', 'a.morphoscope', '--json'];
  const [embedded, encoded, decoded, morphed, drawn] = [
    await cli(['embed', ...run, '--out', 'means.npy']),
    await cli(['encode', ...run, '--image', 'pictures/dark/3.png']),
    await cli(['decode', ...run, '--z', '-1,0,0.5', '--out', 'a.png']),
    await cli(['morph', ...run, '--from', '0', '--to', 'light/11.png', '--steps', '5', '--path', 'slerp', '--out', 'strip.png']),
    await cli(['cloud', ...run, '--out', 'cloud.png']),
  ];
  expect(embedded).toMatchObject({ status: 0, lines: [{ kind: 'embedding', count: 24, latent: 3 }] });
  expect(readFileSync(join(folder, 'means.npy')).length).toBe(128 + 24 * 3 * 4);
  expect(encoded).toMatchObject({ status: 0, lines: [{ kind: 'encoding' }] });
  const { mean, logVariance } = encoded.lines[0] as { mean: number[]; logVariance: number[] };
  expect([...mean, ...logVariance].filter(Number.isFinite).length).toBe(6);
  expect(decoded).toMatchObject({ status: 0, lines: [{ kind: 'decoded', z: [-1, 0, 0.5] }] });
  expect(await sharp(join(folder, 'a.png')).metadata()).toMatchObject({ width: 8, height: 8, channels: 1 });
  expect(morphed).toMatchObject({ status: 0, lines: [{ kind: 'morph', steps: 5, path: 'slerp' }] });
  const { latents, support } = morphed.lines[0] as { latents: number[][]; support: number[] };
  expect([latents.length, latents[0]!.length, support.length]).toEqual([5, 3, 5]);
  expect(await sharp(join(folder, 'strip.png')).metadata()).toMatchObject({ width: 40, height: 8, channels: 1 });
  expect(drawn).toMatchObject({ status: 0, lines: [{ kind: 'cloud', drawn: 24, count: 24, projection: 'raw' }] });

  const [evaluated, sampled, between] = [
    await cli(['evaluate', ...run, '--samples', '5']),
    await cli(['sample', ...run, '--count', '5', '--out', 'grid.png']),
    await cli(['sample', ...run, '--count', '4', '--between', 'dark', 'light', '--spread', '0', '--out', 'between.png']),
  ];
  expect(evaluated).toMatchObject({ status: 0, lines: [{ kind: 'evaluation', part: 'heldOut', images: 2, samples: 5, notes: expect.arrayContaining([expect.stringMatching(/\.$/)]) as unknown[] }] });
  const terms = evaluated.lines[0] as Record<'elbo' | 'reconstruction' | 'kl' | 'iwae' | 'activeUnits', number> & { klPerDimension: number[] };
  expect(terms.elbo).toBeCloseTo(-(terms.reconstruction + terms.kl), 6);
  expect([terms.klPerDimension.length, Number.isFinite(terms.iwae), Number.isInteger(terms.activeUnits)]).toEqual([3, true, true]);
  expect(sampled).toMatchObject({ status: 0, lines: [{ kind: 'sample', columns: 3 }] });
  expect(await sharp(join(folder, 'grid.png')).metadata()).toMatchObject({ width: 24, height: 16, channels: 1 });
  expect(between).toMatchObject({ status: 0, lines: [{ kind: 'sample', columns: 2 }] });

  const wrong = await cli(['morph', ...run, '--from', '24', '--to', '0', '--out', 'none.png']);
  expect(wrong).toMatchObject({ status: 2, lines: [{ kind: 'error', code: 'usage', message: expect.stringContaining('0 to 23') }] });
  expect(existsSync(join(folder, 'none.png'))).toBe(false);
});

test('principal components of images are told in one line, and nothing is left of the import', patience, async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('morphoscope-baseline-'));
  const found = await cli(['baseline', '--images', 'pictures', '--size', '8', '--components', '2', '--json']);
  expect(found).toMatchObject({ status: 0, lines: [{ kind: 'pca', components: 2, images: 22, heldOut: 2, msePerPixel: expect.any(Number) as number }] });
  const refused = await cli(['baseline', '--images', 'pictures', '--size', '8', '--components', '22', '--json']);
  expect(refused).toMatchObject({ status: 2, lines: [{ code: 'usage', message: expect.stringContaining('at most 21 principal components') as string }] });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('morphoscope-baseline-'))).toEqual(before);
});

test('Ctrl-C ends a run with a checkpoint and status 130, and --resume goes on from there', patience, async () => {
  let asked = false;
  const interrupted = await cli(['train', ...small, '--epochs', '100000', '--out', 'b'], (line, kill) => {
    if (asked || !line.startsWith('{"kind":"epoch"')) return;
    asked = true;
    kill();
  });
  expect(interrupted.status).toBe(130);
  expect(interrupted.err).toContain('train --resume --out b');
  const { kind, step, epoch } = interrupted.lines.at(-1) as { kind: string; step: number; epoch: number };
  expect(kind).toBe('interrupted');

  const other = await cli(['train', '--resume', '--out', 'b', '--latent', '5', '--json']);
  expect(other).toMatchObject({ status: 2, lines: [{ code: 'usage', message: expect.stringContaining('The run has --latent 2') }] });
  const resumed = await cli(['train', ...small, '--resume', '--epochs', String(epoch + 2), '--out', 'b']);
  expect([resumed.status, kinds(resumed).filter((name) => name !== 'epoch')]).toEqual([0, ['dataset', 'start', 'done']]);
  expect(resumed.lines[1]).toMatchObject({ step });
  expect(resumed.lines.at(-1)).toMatchObject({ epoch: epoch + 2 });
  expect(readdirSync(join(folder, 'b', 'runs'))).toEqual(['0001']);
});

test('an executor that is not there is refused with what to do, and leaves nothing behind', patience, async () => {
  const before = readdirSync(folder);
  const refused = await cli(['train', ...small, '--executor', 'tensorflow', '--out', 'x']);
  expect(refused).toMatchObject({ status: 2, lines: [{ kind: 'dataset' }, { code: 'usage', message: expect.stringContaining('native install') as string }] });
  expect(readdirSync(folder)).toEqual(before);
});

test('a request that cannot be met ends with one sentence and its status, and leaves nothing behind', patience, async () => {
  writeFileSync(join(folder, 'lonely.png'), readFileSync(join(folder, 'pictures', 'dark', '0.png')));
  const before = readdirSync(folder);
  const cases: readonly [readonly string[], number, string, string][] = [
    [['train', '--latnet', '2', '--out', 'x'], 2, 'usage', 'did you mean --latent?'],
    [['trian'], 2, 'usage', 'did you mean train?'],
    [['train', '--images', 'nowhere', '--out', 'x'], 2, 'not-found', 'nowhere does not exist.'],
    [['train', '--images', 'pictures', '--model', 'conv', '--size', '40', '--out', 'x'], 2, 'usage', 'square images of 28, 32, 64 or 128'],
    [['train', '--images', 'pictures', '--size', '3', '--latent', '30', '--out', 'x'], 2, 'usage', 'larger than an image'],
    [['train', '--images', 'pictures', '--noise', 'mask:1.5', '--out', 'x'], 2, 'usage', 'gaussian:0.4, salt-pepper:0.2 or mask:0.3'],
    [['train', '--images', 'pictures', '--noise', 'mask:0.3', '--out', 'x'], 2, 'usage', 'choose the objective dae'],
    [['train', '--images', 'pictures', '--objective', 'dae', '--capacity', '20:100', '--out', 'x'], 2, 'usage', 'choose the objective vae'],
    [['train', '--images', 'pictures', '--capacity', '20:0.5', '--out', 'x'], 2, 'usage', 'NATS:STEPS such as 25:10000'],
    [['train', '--images', 'pictures', '--capacity', '20:100', '--warmup', '10', '--out', 'x'], 2, 'usage', 'leave out --warmup or --capacity'],
    [['train', '--images', 'pictures', '--objective', 'ae', '--free-bits', '0.2', '--out', 'x'], 2, 'usage', 'choose the objective vae'],
    [['train', '--images', 'pictures', '--arch', 'keras-vae', '--latent', '5', '--out', 'x'], 2, 'usage', 'leave out --latent'],
    [['train', '--images', 'pictures', '--arch', 'keras-conv-ae', '--size', '28', '--channels', '1', '--out', 'x'], 2, 'usage', 'choose the objective ae'],
    [['train', '--out', 'x'], 2, 'usage', 'There is no project with images'],
    [['train', '--images', 'lonely.png', '--out', 'x'], 1, 'bad-data', 'only one image'],
    [['embed', '--run', 'pictures', '--out', 'x.npy'], 2, 'not-found', 'neither a run nor a project'],
    [['embed', '--run', 'pictures', '--out', 'nowhere/x.npy'], 2, 'not-found', 'nowhere for --out does not exist'],
  ];
  for (const [words, status, code, message] of cases) {
    const ended = await cli([...words, '--json']);
    expect(ended).toMatchObject({ status, lines: [{ kind: 'error', code, message: expect.stringContaining(message) }] });
    // Before it there may be progress, on a slow machine.
    expect(ended.err.trimEnd().split('\n').at(-1)).toContain(message);
  }
  expect(readdirSync(folder)).toEqual(before);
});

test('serve prints the address of the window, answers there until Ctrl-C, and says when a port is taken', patience, async () => {
  let window: Promise<Response> | undefined;
  let second: Promise<Ended> | undefined;
  const ended = await cli(['serve', '--json'], (line, kill) => {
    const { url } = JSON.parse(line) as { url: string };
    window = fetch(url);
    second = cli(['serve', '--port', new URL(url).port, '--json']);
    void Promise.all([window, second]).finally(kill);
  });
  expect(ended).toMatchObject({ status: 0, lines: [{ kind: 'serving', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/) as string }] });
  expect((await window!).status).toBe(200);
  expect(await second).toMatchObject({ status: 1, lines: [{ kind: 'error', code: 'resources', message: expect.stringContaining('is in use') as string }] });
});

test('help and version are results', patience, async () => {
  expect(await cli(['help'])).toMatchObject({ status: 0, err: '' });
  expect((await cli(['morph', '--help'])).lines.join('\n')).toContain('--steps N');
  expect(await cli(['--version', '--json'])).toMatchObject({ status: 0, lines: [{ kind: 'version', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }] });
});
