import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NativeInstallation } from '../../shared/native.js';

/** The installation with what only this side needs to know. */
export interface InstalledNative extends NativeInstallation {
  /** The compiled binding, `tfjs_binding.node`. */
  readonly binding: string;
  /** Folders of shared libraries that the process loading it must find. */
  readonly libraries: readonly string[];
}

/** The user's cache folder of Morphoscope, shared by all checkouts; MORPHOSCOPE_CACHE names another. */
export function cacheHome(): string {
  return process.env['MORPHOSCOPE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'morphoscope');
}

/** The native backend that is installed; null when there is none or its description is damaged. */
export function installedNative(): InstalledNative | null {
  try {
    return JSON.parse(readFileSync(join(cacheHome(), 'native', 'installed.json'), 'utf8')) as InstalledNative;
  } catch {
    return null;
  }
}
