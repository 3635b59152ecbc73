import type { CommandId } from '../../../shared/commands.js';
import { FailureError } from '../../../shared/failure.js';
import { catalogues } from '../../../shared/messages/catalogues.js';
import { chooseLocale } from '../../../shared/messages/locale.js';
import { AppMenu } from './AppMenu.js';
import { appScheme, serveWindow } from './appProtocol.js';
import { serveBridge } from './bridgeRequests.js';
import { Dialogs } from './Dialogs.js';
import type { Cancellable, DesktopElectron } from './electronApi.js';
import { lockDown } from './lockDown.js';
import { MainWindow } from './MainWindow.js';
import { pathsNamed } from './opened.js';
import { StudioPorts } from './StudioPorts.js';

export interface DesktopOptions {
  /** Folder of the built window. */
  readonly renderer: string;
  /** The bundled preload. */
  readonly preload: string;
  readonly platform: NodeJS.Platform;
  /** The command line, the program itself first. */
  readonly argv: readonly string[];
  /** In place of the studio on utility processes. */
  readonly studio?: StudioAccess;
}

/** What the program does with the studio. */
export interface StudioAccess extends Pick<StudioPorts, 'open' | 'end'> {
  begin(): Promise<unknown>;
}

/**
 *     starting -> ready -> quitting
 *
 * `starting`: until Electron is ready. `quitting`: the studio is ending, a run with a checkpoint; the program ends with it.
 */
export type DesktopState = 'starting' | 'ready' | 'quitting';

/** The desktop program: one window on one studio. */
export class DesktopApp {
  readonly #electron: DesktopElectron;
  readonly #options: DesktopOptions;
  readonly #studio: StudioAccess;
  readonly #dialogs: Dialogs;
  #state: DesktopState = 'starting';
  #menu: AppMenu | null = null;
  #window: MainWindow | null = null;
  /** What was opened while there was no window to tell. */
  #opened: string[] = [];
  /** Command line of a start that came while this one was ending, and is made up for after it. */
  #next: string[] | null = null;
  #isAsking = false;

  constructor(electron: DesktopElectron, options: DesktopOptions) {
    this.#electron = electron;
    this.#options = options;
    this.#studio = options.studio ?? new StudioPorts(electron);
    this.#dialogs = new Dialogs(electron, this.#isMac);
  }

  get state(): DesktopState {
    return this.#state;
  }

  /** To be called before Electron is ready. A second start hands its command line to the first and ends. */
  async begin(): Promise<void> {
    const { app, protocol } = this.#electron;
    if (!app.requestSingleInstanceLock()) return app.quit();
    protocol.registerSchemesAsPrivileged([appScheme]);
    app.on('web-contents-created', (_event, contents) => lockDown(contents));
    app.on('second-instance', (_event, argv, folder) => this.#startedAgain(argv, folder));
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.#open([path]);
    });
    app.on('before-quit', (event) => this.#quit(event));
    // On a Mac a program lives on without its window, and so does its run.
    app.on('window-all-closed', () => {
      if (!this.#isMac) app.quit();
    });
    app.on('activate', () => this.#show());
    this.#opened.push(...pathsNamed(this.#options.argv, process.cwd(), app.isPackaged));
    await app.whenReady();
    this.#ready();
  }

  get #isMac(): boolean {
    return this.#options.platform === 'darwin';
  }

  #ready(): void {
    if (this.#state !== 'starting') return;
    this.#state = 'ready';
    const { app, protocol } = this.#electron;
    protocol.handle(appScheme.scheme, (request) => serveWindow(this.#options.renderer, request));
    this.#menu = new AppMenu(this.#electron, chooseLocale(app.getPreferredSystemLanguages()), {
      isMac: this.#isMac,
      isPackaged: app.isPackaged,
      choose: (command) => this.#choose(command),
    });
    this.#serveWindow(this.#menu);
    // The window is drawn while the studio comes up.
    this.#show();
    this.#studio.begin().catch((error: unknown) => this.#lost(error));
  }

  #serveWindow(menu: AppMenu): void {
    serveBridge(this.#electron.ipcMain, {
      connect: () => void this.#connect(),
      chooseImages: () => this.#dialogs.chooseImages(this.#window!.window, menu.locale),
      chooseProject: () => this.#dialogs.chooseProject(this.#window!.window, menu.locale),
      setAppearance: ({ locale, theme }) => {
        menu.setLocale(locale);
        this.#electron.nativeTheme.themeSource = theme;
      },
      setEnabledCommands: (commands) => menu.setEnabled(new Set(commands)),
      editText: (edit) => this.#window?.editText(edit),
      listensToOpen: () => this.#window?.listensToOpen(),
    }, () => this.#window?.contents ?? null);
  }

  /** Brings the window forward; makes it when there is none. */
  #show(): void {
    if (this.#state !== 'ready') return;
    if (this.#window) return this.#window.present();
    const window = new MainWindow(this.#electron, {
      preload: this.#options.preload,
      isPackaged: this.#electron.app.isPackaged,
      onCrashes: () => void this.#offerReload(window),
      onClosed: () => {
        this.#window = null;
        this.#menu?.setEnabled(new Set());
      },
    });
    this.#window = window;
    window.open(this.#opened.splice(0));
  }

  #choose(command: CommandId): void {
    this.#window?.send(command);
  }

  #open(paths: readonly string[]): void {
    if (this.#window) this.#window.open(paths);
    else this.#opened.push(...paths);
    this.#show();
  }

  #startedAgain(argv: string[], folder: string): void {
    if (this.#state === 'quitting') this.#next = argv.slice(1);
    else this.#open(pathsNamed(argv, folder, this.#electron.app.isPackaged));
  }

  /** Gives the window a port to the studio, as soon as there is one. */
  async #connect(): Promise<void> {
    try {
      const port = await this.#studio.open();
      if (this.#window) this.#window.connect(port);
      else port.close();
    } catch (error) {
      await this.#lost(error);
    }
  }

  /** There is no studio and there will be none: nothing can be done in this window. */
  async #lost(error: unknown): Promise<void> {
    if (!(error instanceof FailureError)) throw error;
    if (this.#state === 'quitting') return;
    const { desktop } = catalogues[this.#menu!.locale];
    const again = await this.#ask(desktop.studioLost, error.failure.message, desktop.startAgain);
    if (again === null) return;
    if (again) this.#next = this.#options.argv.slice(1);
    this.#electron.app.quit();
  }

  async #offerReload(window: MainWindow): Promise<void> {
    const { desktop } = catalogues[this.#menu!.locale];
    const again = await this.#ask(desktop.windowCrashed, desktop.runGoesOn, desktop.reload);
    if (again === null) return;
    if (again) window.reload();
    else this.#electron.app.quit();
  }

  /** Whether the person wants to go on, else to quit; null when something is asked already. */
  async #ask(message: string, detail: string, goOn: string): Promise<boolean | null> {
    if (this.#isAsking) return null;
    this.#isAsking = true;
    const { desktop } = catalogues[this.#menu!.locale];
    const { response } = await this.#electron.dialog.showMessageBox({
      type: 'error', title: desktop.name, message, detail, buttons: [goOn, desktop.quit], defaultId: 0, cancelId: 1, noLink: true,
    });
    this.#isAsking = false;
    return response === 0;
  }

  /** Nothing is lost by quitting: a run is stopped with a checkpoint. The program ends once that is written. */
  #quit(event: Cancellable): void {
    event.preventDefault();
    if (this.#state === 'quitting') return;
    this.#state = 'quitting';
    this.#window?.window.hide();
    void this.#studio.end().then(() => {
      const { app } = this.#electron;
      if (this.#next) app.relaunch({ args: this.#next });
      app.exit(0);
    });
  }
}
