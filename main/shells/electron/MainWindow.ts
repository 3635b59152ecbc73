import type { BrowserWindowConstructorOptions } from 'electron';
import { bridgeChannels } from '../../../shared/contract/bridge.js';
import type { TextEdit } from '../../../shared/contract/bridge.js';
import type { CommandId } from '../../../shared/commands.js';
import type { ElectronPort } from '../../processes/transports/electronControl.js';
import { appPage } from './appProtocol.js';
import type { ContentsLike, DesktopElectron, WindowLike } from './electronApi.js';

/** A page that crashes this often within `crashWindowMs` is not loaded again unasked. */
const mostCrashes = 3;
const crashWindowMs = 60_000;

export interface MainWindowOptions {
  /** The bundled preload. */
  readonly preload: string;
  readonly isPackaged: boolean;
  /** The page has crashed too often to be loaded again unasked. */
  readonly onCrashes: () => void;
  readonly onClosed: () => void;
}

/** The window. Its page is loaded again when its process dies: whatever it showed is rebuilt from the studio. */
export class MainWindow {
  readonly window: WindowLike;
  #crashTimes: number[] = [];
  /** Paths that were opened before the page listened; null while it listens. */
  #waiting: string[] | null = [];

  constructor(electron: Pick<DesktopElectron, 'BrowserWindow'>, options: MainWindowOptions) {
    const window = new electron.BrowserWindow(windowOptions(options));
    this.window = window;
    window.on('ready-to-show', () => window.show());
    window.on('closed', options.onClosed);
    this.contents.on('did-start-loading', () => (this.#waiting ??= []));
    this.contents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#crashed(options.onCrashes);
    });
    void window.loadURL(appPage);
  }

  get contents(): ContentsLike {
    return this.window.webContents;
  }

  /** Brings it before the person. */
  present(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  reload(): void {
    this.contents.reload();
  }

  send(command: CommandId): void {
    this.contents.send(bridgeChannels.command, command);
  }

  editText(edit: TextEdit): void {
    this.contents[edit]();
  }

  /** Hands the page its port to the studio. */
  connect(port: ElectronPort): void {
    this.contents.postMessage(bridgeChannels.port, null, [port]);
  }

  /** Tells the page what was opened from outside, as soon as it listens. */
  open(paths: readonly string[]): void {
    if (this.#waiting) this.#waiting.push(...paths);
    else this.contents.send(bridgeChannels.open, paths);
  }

  /** The page listens now. */
  listensToOpen(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    if (waiting.length > 0) this.open(waiting);
  }

  #crashed(onCrashes: () => void): void {
    const now = Date.now();
    this.#crashTimes = [...this.#crashTimes.filter((time) => now - time < crashWindowMs), now];
    if (this.#crashTimes.length < mostCrashes) {
      this.reload();
    } else {
      this.#crashTimes = [];
      onCrashes();
    }
  }
}

/** The hardened window: a page without Node, in the system's sandbox, whose only way out is the bridge of the preload. */
export function windowOptions({ preload, isPackaged }: Pick<MainWindowOptions, 'preload' | 'isPackaged'>): BrowserWindowConstructorOptions {
  return {
    title: 'Morphoscope',
    // Electron remembers place, size and display mode of a window that has a name.
    name: 'main',
    windowStatePersistence: true,
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 600,
    // Shown once there is something to see.
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      // A dropped file is an offer, never a page to go to.
      navigateOnDragDrop: false,
      // Dictionaries would be fetched from the net.
      spellcheck: false,
      devTools: !isPackaged,
    },
  };
}
