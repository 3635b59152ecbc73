import type { CommandId } from '../../shared/commands.js';
import type { DatasetSource } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { Locale } from '../../shared/messages/locale.js';
import type { Result } from '../../shared/result.js';

/** Images (or a project) that a person has dropped, pasted or chosen; nothing has been read yet. */
export interface Offer {
  /** Name for a project made of it: that of the folder, the archive or the first file, without its ending. */
  readonly name: string;
  /** Set when it is the folder of a project (its name ends in .morphoscope): to be opened, not imported. */
  readonly project: string | null;
  /** Files and folders at the outermost level. */
  readonly entries: number;
  /**
   * Makes it readable by the studio. On the desktop paths are enough; in a browser its bytes are streamed there. Cancelling removes
   * what has been sent.
   */
  deliver(onProgress: (progress: Delivery) => void, signal: AbortSignal): Promise<Result<DatasetSource, Failure>>;
  /** To be called when the import is over, however it ended: removes what was sent. */
  release(): void;
}

/** How far the sending of an offer has got. `bytes` of all files are not known before they have been listed. */
export interface Delivery {
  readonly files: number;
  readonly bytes: number;
}

/** What surrounds the window: a desktop or a browser. */
export interface Shell {
  readonly kind: 'desktop' | 'web';
  /** Whether `Mod` is the Command key. */
  readonly isMac: boolean;
  /** Asks for images by the system's dialog; null when cancelled. */
  chooseImages(): Promise<Offer | null>;
  /** Asks for a project's folder; null when cancelled. Absent in a browser, which has no paths. */
  readonly chooseProject: (() => Promise<string | null>) | null;
  /** What a drop or a paste carries; null when there are no files in it. To be called during the event: its data are gone after it. */
  offerOf(data: DataTransfer): Offer | null;
  /** Commands from the application menu. */
  onCommand(listener: (command: CommandId) => void): void;
  /** What is opened from outside the window: by a file manager, or by a second start of the program. Never in a browser. */
  onOffer(listener: (offer: Offer) => void): void;
  setAppearance(appearance: { readonly locale: Locale; readonly theme: 'dark' | 'light' }): void;
  /** Says which commands can be done at present: the others are grey in the application menu. */
  setEnabledCommands(commands: readonly CommandId[]): void;
}
