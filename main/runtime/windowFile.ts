import { extname, join, normalize, sep } from 'node:path';

/** A file of the built window, as a shell serves it. */
export interface WindowFile {
  readonly path: string;
  /** Media type with its character set. */
  readonly type: string;
  /** Whether its name holds a hash of its content, so that it never changes. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * The file that the path of a URL names; null for a path that leaves the folder, is no path or has an ending that the window does not
 * use. Whether the file is there is not asked.
 *
 * @param folder where Vite has put the window
 * @param pathname as it stands in the URL, percent-encoded
 */
export function windowFile(folder: string, pathname: string): WindowFile | null {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (!name.startsWith('/') || name.includes('\0') || name.includes('\\')) return null;
  const root = normalize(folder.endsWith(sep) ? folder : folder + sep);
  const path = join(root, name.endsWith('/') ? `${name}index.html` : name);
  const type = types[extname(path)];
  if (!path.startsWith(root) || type === undefined) return null;
  return { path, type, immutable: name.startsWith('/assets/') };
}
