import type { CommandId } from '../../shared/commands.js';
import type { DesktopBridge, TextEdit } from '../../shared/contract/bridge.js';
import { BareOffer, PathOffer } from './desktopOffers.js';
import type { Offer, Shell } from './Shell.js';

/** Commands that are for a text field while one has the focus. */
const textEditOf: Partial<Record<CommandId, TextEdit>> = { undo: 'undo', redo: 'redo', copyLatent: 'copy' };

/** What the desktop has to offer around the window: paths, the system's dialogs, the application menu. */
export function openDesktopShell(bridge: DesktopBridge): Shell {
  const isWindows = bridge.platform === 'win32';
  const offerPaths = (paths: readonly string[]): Offer | null => (paths.length === 0 ? null : new PathOffer(paths, isWindows));
  return {
    kind: 'desktop',
    isMac: bridge.platform === 'darwin',
    chooseImages: async () => offerPaths(await bridge.chooseImages()),
    chooseProject: () => bridge.chooseProject(),
    offerOf: (data) => {
      const files = [...data.files];
      // A file that was copied may come with a picture of itself, which has no path.
      const paths = files.map((file) => bridge.pathOf(file)).filter((path) => path !== '');
      return offerPaths(paths) ?? (files.length === 0 ? null : new BareOffer(files));
    },
    onCommand: (listener) =>
      bridge.onCommand((command) => {
        const edit = textEditOf[command];
        if (edit && isEditingText()) bridge.editText(edit);
        else listener(command);
      }),
    onOffer: (listener) =>
      bridge.onOpen((paths) => {
        const offer = offerPaths(paths);
        if (offer) listener(offer);
      }),
    setAppearance: (appearance) => bridge.setAppearance(appearance),
    setEnabledCommands: (commands) => bridge.setEnabledCommands(commands),
  };
}

/** Whether undo and copy are meant for text: a field has the focus, or text is marked. */
function isEditingText(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement || document.getSelection()?.isCollapsed === false;
}
