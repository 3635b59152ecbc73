import type { Shell } from './Shell.js';

/** What a browser has to offer around the window. */
export function openWebShell(): Shell {
  return {
    kind: 'web',
    isMac: navigator.platform.startsWith('Mac'),
    chooseImages: () => Promise.resolve(null),
    chooseProject: null,
    offerOf: () => null,
    onCommand: () => undefined,
    onOffer: () => undefined,
    setAppearance: () => undefined,
    setEnabledCommands: () => undefined,
  };
}
