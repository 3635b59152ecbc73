import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { electronStandIn } from '../../../processes/testSupport/electronStandIn.js';
import type { ElectronPort, UtilityChild } from '../../../processes/transports/electronControl.js';
import { ElectronPortTransport } from '../../../processes/transports/ElectronPortTransport.js';
import { appPage } from '../appProtocol.js';
import type { BareWindow, Cancellable, ContentsLike, DesktopElectron, InvokeEvent, WindowLike } from '../electronApi.js';

/**
 * Electron's main process, played in plain Node: the same calls, events and order. Ports and utility processes are real threads with
 * real structured clones (`electronStandIn`); windows, menus and dialogs only remember what they were told.
 */

/** An event that can be cancelled, as it is handed to listeners. */
export class CancellableStandIn implements Cancellable {
  prevented = false;

  constructor(readonly url = '') {}

  preventDefault(): void {
    this.prevented = true;
  }
}

class SessionStandIn {
  request: Parameters<ContentsLike['session']['setPermissionRequestHandler']>[0] | null = null;
  check: Parameters<ContentsLike['session']['setPermissionCheckHandler']>[0] | null = null;
  device: (() => boolean) | null = null;

  setPermissionRequestHandler(handler: NonNullable<SessionStandIn['request']>): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<SessionStandIn['check']>): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler;
  }
}

export interface Sent {
  readonly channel: string;
  readonly args: readonly unknown[];
}

export class ContentsStandIn extends EventEmitter implements ContentsLike {
  readonly session = new SessionStandIn();
  readonly sent: Sent[] = [];
  /** Ports that were handed to the page, oldest first. */
  readonly ports: ElectronPort[] = [];
  /** What was done to the page: "reload", "undo". */
  readonly done: string[] = [];
  openHandler: (() => { action: 'deny' }) | null = null;
  /** Told of everything that is sent, and of each port under its channel. */
  onSent: (channel: string, args: readonly unknown[], port: ElectronPort | null) => void = () => undefined;

  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args });
    this.onSent(channel, args, null);
  }

  postMessage(channel: string, message: unknown, transfer: ElectronPort[] = []): void {
    this.ports.push(...transfer);
    this.onSent(channel, [message], transfer[0] ?? null);
  }

  reload(): void {
    this.done.push('reload');
    this.emit('did-start-loading');
  }
  undo(): void {
    this.done.push('undo');
  }
  redo(): void {
    this.done.push('redo');
  }
  copy(): void {
    this.done.push('copy');
  }
  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.openHandler = handler;
  }
}

export class WindowStandIn extends EventEmitter implements WindowLike {
  readonly webContents = new ContentsStandIn();
  isShown: boolean;
  isFocused = false;
  minimized = false;
  url: string | null = null;

  constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.isShown = options.show !== false;
  }

  loadURL(url: string): Promise<void> {
    this.url = url;
    this.webContents.emit('did-start-loading');
    return Promise.resolve();
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
  }
  focus(): void {
    this.isFocused = true;
  }
}

class AppStandIn extends EventEmitter {
  isPackaged = false;
  isFirst = true;
  languages = ['en-GB'];
  /** How the program ended; null while it runs. */
  ended: { readonly status: number; readonly relaunch: readonly string[] | null } | null = null;
  #relaunch: readonly string[] | null = null;
  #becomeReady: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => (this.#becomeReady = resolve));

  requestSingleInstanceLock(): boolean {
    return this.isFirst;
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  getPreferredSystemLanguages(): string[] {
    return this.languages;
  }
  getPath(name: string): string {
    return `/${name}`;
  }
  quit(): void {
    const event = new CancellableStandIn();
    this.emit('before-quit', event);
    if (!event.prevented) this.exit();
  }
  exit(status = 0): void {
    this.ended ??= { status, relaunch: this.#relaunch };
    this.emit('ended');
  }
  relaunch({ args = [] }: { args?: string[] } = {}): void {
    this.#relaunch = args;
  }
  becomeReady(): void {
    this.#becomeReady();
  }
}

/** A menu item as a person sees it. */
export interface ItemStandIn extends Electron.MenuItemConstructorOptions {
  enabled: boolean;
}

export class MenuStandIn {
  /** Every item of every submenu. */
  readonly items: readonly ItemStandIn[];

  constructor(readonly template: readonly Electron.MenuItemConstructorOptions[]) {
    const submenus = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    this.items = submenus.map((item) => ({ ...item, enabled: item.enabled ?? true }));
  }

  getMenuItemById(id: string): ItemStandIn | null {
    return this.items.find((item) => item.id === id) ?? null;
  }
}

export class DesktopStandIn implements DesktopElectron {
  readonly app = new AppStandIn();
  readonly windows: WindowStandIn[] = [];
  readonly forked: { readonly name: string; readonly child: UtilityChild }[] = [];
  readonly schemes: Electron.CustomScheme[] = [];
  readonly nativeTheme: DesktopElectron['nativeTheme'] = { themeSource: 'system' };
  readonly MessageChannelMain = electronStandIn.MessageChannelMain;
  /** The application menu. */
  menu: MenuStandIn | null = null;
  /** What was asked of the person, and what they choose: paths, null for cancel. */
  readonly asked: (Electron.OpenDialogOptions | Electron.MessageBoxOptions)[] = [];
  chosen: readonly string[] | null = null;
  /** Number of the button that is pressed in a message box. */
  pressed = 0;
  readonly #handlers = new Map<string, (event: InvokeEvent, ...args: unknown[]) => unknown>();
  readonly #schemeHandlers = new Map<string, (request: Request) => Promise<Response>>();

  readonly BrowserWindow: DesktopElectron['BrowserWindow'] = newWindowClass((window) => {
    this.windows.push(window);
    this.app.emit('web-contents-created', {}, window.webContents);
  });

  readonly utilityProcess: DesktopElectron['utilityProcess'] = {
    fork: (modulePath, args, options) => {
      const child = electronStandIn.utilityProcess.fork(modulePath, args, options);
      this.forked.push({ name: options?.serviceName ?? '', child });
      return child;
    },
  };

  readonly Menu: DesktopElectron['Menu'] = {
    buildFromTemplate: (template) => new MenuStandIn(template),
    setApplicationMenu: (menu) => (this.menu = menu as MenuStandIn | null),
  };

  readonly dialog: DesktopElectron['dialog'] = {
    showOpenDialog: (_window: BareWindow, options) => {
      this.asked.push(options);
      return Promise.resolve({ canceled: this.chosen === null, filePaths: [...(this.chosen ?? [])] });
    },
    showMessageBox: (options) => {
      this.asked.push(options);
      return Promise.resolve({ response: this.pressed });
    },
  };

  readonly ipcMain: DesktopElectron['ipcMain'] = {
    handle: (channel, listener) => {
      if (this.#handlers.has(channel)) throw new Error(`${channel} is handled already.`);
      this.#handlers.set(channel, listener);
    },
  };

  readonly protocol: DesktopElectron['protocol'] = {
    registerSchemesAsPrivileged: (schemes) => this.schemes.push(...schemes),
    handle: (scheme, handler) => this.#schemeHandlers.set(scheme, handler),
  };

  /** The newest window. */
  get window(): WindowStandIn {
    return this.windows.at(-1)!;
  }

  get page(): ContentsStandIn {
    return this.window.webContents;
  }

  /** What `ipcRenderer.invoke` does in the page of the newest window, or where the event says that it is. */
  async invoke(channel: string, args: readonly unknown[] = [], event: Partial<InvokeEvent> = {}): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`Nobody handles ${channel}.`);
    return handler({ sender: this.page, senderFrame: { url: appPage, parent: null }, ...event }, ...structuredClone(args));
  }

  /** What a request of the page is answered with. */
  fetch(url: string, init?: RequestInit): Promise<Response> {
    return this.#schemeHandlers.get('app')!(new Request(url, init));
  }

  /** The page's end of the newest port. */
  get transport(): ElectronPortTransport {
    return new ElectronPortTransport(this.page.ports.at(-1)!);
  }
}

function newWindowClass(made: (window: WindowStandIn) => void) {
  return class extends WindowStandIn {
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super(options);
      made(this);
    }
  };
}

/** Does not compile when the real thing no longer has what the shell uses of it. */
type Conforms = Pick<typeof Electron, keyof DesktopElectron> extends DesktopElectron ? true : never;
export const desktopConforms: Conforms = true;
