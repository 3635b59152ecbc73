import type { CommandId } from '../commands.js';
import type { Locale } from '../messages/locale.js';

/** Tag of the message by which the preload hands the window its port to the studio. */
export const portMessage = 'morphoscope:port';

/**
 * What the desktop shell offers to the window beside the studio: `window.morphoscope`, made by the preload and absent in a browser.
 * Paths are those of the machine; nothing else of it can be reached.
 */
export interface DesktopBridge {
  /** `process.platform` of the shell: decides between Ctrl and Command. */
  readonly platform: string;
  /** Asks for a connection to the studio, which arrives as a `message` event of the window with `data` equal to `portMessage` and one port. */
  connect(): void;
  /** Path of a file or folder that was dropped or pasted; empty for one that is not on disk. The argument is a DOM `File`. */
  pathOf(file: unknown): string;
  /** Asks for folders, images or archives; empty when cancelled. */
  chooseImages(): Promise<readonly string[]>;
  /** Asks for the folder of a project; null when cancelled. */
  chooseProject(): Promise<string | null>;
  /** Calls the listener for each command chosen in the application menu. */
  onCommand(listener: (command: CommandId) => void): void;
  /** Calls the listener with the folder of a project that was opened from outside (a file manager, a second start). */
  onOpenProject(listener: (dir: string) => void): void;
  /** Tells the shell the language of its menu and the theme of its window. */
  setAppearance(appearance: { readonly locale: Locale; readonly theme: 'dark' | 'light' }): void;
}
