/** Address of a socket of the web server that this page came from. */
export function socketUrl(path: 'studio' | 'drop'): string {
  return new URL(path, location.href.replace(/^http/, 'ws')).href;
}
