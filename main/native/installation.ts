import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { say, type Sentence } from '../../shared/sentence.js';
import { writtenSentence } from '../../shared/sentenceSchema.js';

/** A file that the native backend stands on, as it was when it was proved. */
const fileSchema = v.object({ path: v.string(), bytes: v.number(), modifiedMs: v.number() });

const installedSchema = v.object({
  version: v.string(),
  flavour: v.picklist(['cpu', 'cuda']),
  source: v.picklist(['folder', 'python', 'wheel']),
  dir: v.string(),
  bytes: v.number(),
  devices: v.array(v.string()),
  /** The compiled binding, `tfjs_binding.node`. */
  binding: v.string(),
  /** Folders of shared libraries that the process loading it must find. */
  libraries: v.array(v.string()),
  /** Why a GPU that is there is not used; null when it is, or there is none. */
  gpuProblem: v.nullable(writtenSentence),
  files: v.array(fileSchema),
});

/** A `NativeInstallation` with what only this side needs to know, as it lies in installed.json. */
export type InstalledNative = Readonly<v.InferOutput<typeof installedSchema>>;

/** The user's cache folder of Morphoscope, shared by all checkouts; MORPHOSCOPE_CACHE names another. */
export function cacheHome(): string {
  return process.env['MORPHOSCOPE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'morphoscope');
}

/** Folder of everything that installing the native backend puts on the disk. */
export function nativeHome(): string {
  return join(cacheHome(), 'native');
}

/** Written last when it is installed, and removed first when it is removed. */
export function installedFile(): string {
  return join(nativeHome(), 'installed.json');
}

/** The native backend that is installed and as it was proved to work; null when there is none. */
export function installedNative(): InstalledNative | null {
  return inspectInstallation().installed;
}

/** The installation, or why there is one that cannot be used. */
export function inspectInstallation(): { readonly installed: InstalledNative | null; readonly problem: Sentence | null } {
  let text: string;
  try {
    text = readFileSync(installedFile(), 'utf8');
  } catch {
    return { installed: null, problem: null };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), installedSchema), text);
  if (!parsed.success) return broken(say('native.fileDamaged', installedFile()));
  const changed = parsed.output.files.find((file) => !isSame(file));
  if (changed) return broken(say('native.fileChanged', changed.path));
  return { installed: parsed.output, problem: parsed.output.gpuProblem };
}

/** What is remembered of a file to see later whether it was replaced, cut or taken away. */
export function describeFile(path: string): v.InferOutput<typeof fileSchema> {
  const { size, mtimeMs } = statSync(path);
  return { path, bytes: size, modifiedMs: mtimeMs };
}

function broken(why: Sentence): { readonly installed: null; readonly problem: Sentence } {
  return { installed: null, problem: say('native.unavailable', why) };
}

function isSame({ path, bytes, modifiedMs }: v.InferOutput<typeof fileSchema>): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now?.size === bytes && now.mtimeMs === modifiedMs;
}
