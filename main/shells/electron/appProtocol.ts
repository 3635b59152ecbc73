import { readFile } from 'node:fs/promises';
import type { CustomScheme } from 'electron';
import { windowHeaders } from '../../../shared/contentSecurityPolicy.js';
import { windowFile } from '../../runtime/windowFile.js';

/** The window's own scheme. Unlike file://, it gives the window an origin and reaches nothing but the window's files. */
export const appScheme: CustomScheme = { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } };

/** The page of the window. */
export const appPage = 'app://morphoscope/';

/**
 * Answers requests of the window for its files.
 *
 * @param folder where the built window lies
 */
export async function serveWindow(folder: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== 'GET') return refusal(405);
  const file = url.href.startsWith(appPage) ? windowFile(folder, url.pathname) : null;
  if (!file) return refusal(404);
  try {
    // An asar archive is read through Node's own functions; a file handle or a URL of the file would not reach into it.
    return new Response(await readFile(file.path), { headers: { ...windowHeaders, 'content-type': file.type } });
  } catch {
    return refusal(404);
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: windowHeaders });
}
