import { appPage } from './appProtocol.js';
import type { ContentsLike } from './electronApi.js';

/** The one thing that the window may do beyond its own page: put a latent on the clipboard that a person copies. */
const granted = 'clipboard-sanitized-write';

/** Keeps a page where it is and from everything that it could ask the system for. To be done to every page before it loads. */
export function lockDown(contents: ContentsLike): void {
  contents.session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === granted));
  contents.session.setPermissionCheckHandler((_contents, permission) => permission === granted);
  contents.session.setDevicePermissionHandler(() => false);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  for (const attempt of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    contents.on(attempt, (event) => {
      // A page may load itself anew.
      if (event.url !== appPage) event.preventDefault();
    });
  }
}
