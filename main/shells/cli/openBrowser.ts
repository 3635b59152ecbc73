import { spawn } from 'node:child_process';

/** Opens an address in the browser of whoever sits in front of this machine; false where nobody does, as on a server reached by ssh. */
export function openBrowser(url: string): boolean {
  const { platform, env } = process;
  if (env['SSH_CONNECTION']) return false;
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  // `start` is a word of the Windows shell, to which & means something; this one takes the address as it is.
  const [program, ...args] = platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] : [platform === 'darwin' ? 'open' : 'xdg-open', url];
  const child = spawn(program!, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // The address has been printed, too.
  child.unref();
  return true;
}
