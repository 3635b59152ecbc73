import type { CommandId } from '../commands.js';
import type { Locale } from '../messages/locale.js';

/** Tag of the message by which the preload hands the window its port to the studio. */
export const portMessage = 'morphoscope:port';

/** A command of the text field that has the focus, which the system's menu would do by itself if it were no command of ours too. */
export const textEdits = ['undo', 'redo', 'copy'] as const;
export type TextEdit = (typeof textEdits)[number];

export interface Appearance {
  readonly locale: Locale;
  readonly theme: 'dark' | 'light';
}

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
  /** Asks for images: folders, and where the system has one dialog for both (macOS) files and archives too. Empty when cancelled. */
  chooseImages(): Promise<readonly string[]>;
  /** Asks for the folder of a project; null when cancelled. */
  chooseProject(): Promise<string | null>;
  /** Calls the listener for each command chosen in the application menu. */
  onCommand(listener: (command: CommandId) => void): void;
  /** Calls the listener with what was opened from outside (a file manager, a second start): projects, folders, images. Keeps what came before. */
  onOpen(listener: (paths: readonly string[]) => void): void;
  /** Tells the shell the language of its menu and the theme of its window. */
  setAppearance(appearance: Appearance): void;
  /** Tells the shell which commands can be done at present: the others are grey in the menu. */
  setEnabledCommands(commands: readonly CommandId[]): void;
  /** Does to the text field that has the focus what the menu was asked for. */
  editText(edit: TextEdit): void;
}

/** Channels between preload and main process. The window asks by the first ones, the shell tells by the last three. */
export const bridgeChannels = {
  connect: 'morphoscope:connect',
  chooseImages: 'morphoscope:choose-images',
  chooseProject: 'morphoscope:choose-project',
  setAppearance: 'morphoscope:set-appearance',
  setEnabledCommands: 'morphoscope:set-enabled-commands',
  editText: 'morphoscope:edit-text',
  listensToOpen: 'morphoscope:listens-to-open',
  command: 'morphoscope:command',
  open: 'morphoscope:open',
  port: portMessage,
} as const;
