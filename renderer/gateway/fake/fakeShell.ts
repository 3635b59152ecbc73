import { ok } from '../../../shared/result.js';
import type { Offer, Shell } from '../Shell.js';
import type { Clock } from './Clock.js';

/** A browser's shell without a machine behind it: whatever is offered is taken by its name. */
export function fakeShell(clock: Clock): Shell {
  return {
    kind: 'web',
    isMac: false,
    chooseImages: () => Promise.resolve(offer(['pressed shapes'], clock)),
    chooseProject: null,
    offerOf: (data) => (data.files.length === 0 ? null : offer(Array.from(data.files, (file) => file.name), clock)),
    onCommand: () => undefined,
    onOffer: () => undefined,
    setAppearance: () => undefined,
    setEnabledCommands: () => undefined,
  };
}

function offer(names: readonly string[], clock: Clock): Offer {
  return {
    name: names[0]!.replace(/\.\w+$/, ''),
    project: null,
    entries: names.length,
    deliver: async (onProgress) => {
      for (let sent = 1; sent <= 5; sent++) {
        await clock.wait(60);
        onProgress({ files: sent * 200, bytes: sent * 2e6 });
      }
      return ok({ kind: 'paths', paths: names.map((name) => `/dropped/${name}`) });
    },
    release: () => undefined,
  };
}
