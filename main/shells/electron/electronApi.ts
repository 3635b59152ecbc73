import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  RenderProcessGoneDetails,
} from 'electron';
import type { ElectronApi } from '../../processes/ElectronProcessHost.js';
import type { ElectronPort } from '../../processes/transports/electronControl.js';

/**
 * What the desktop shell uses of Electron's main process: nothing else of it is reached. `main.ts` hands the real module in, the tests
 * a stand-in; the compiler checks both against these types.
 */
export interface DesktopElectron extends ElectronApi {
  readonly app: ElectronAppLike;
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => WindowLike;
  readonly Menu: { buildFromTemplate(template: MenuItemConstructorOptions[]): MenuLike; setApplicationMenu(menu: MenuLike | null): void };
  readonly dialog: DialogLike;
  readonly ipcMain: IpcMainLike;
  readonly nativeTheme: { themeSource: 'system' | 'light' | 'dark' };
  readonly protocol: ProtocolLike;
}

export interface Cancellable {
  preventDefault(): void;
}

export interface ElectronAppLike {
  readonly isPackaged: boolean;
  requestSingleInstanceLock(): boolean;
  whenReady(): Promise<void>;
  getPreferredSystemLanguages(): string[];
  getPath(name: 'pictures' | 'home'): string;
  quit(): void;
  exit(status?: number): void;
  relaunch(options?: { args?: string[] }): void;
  on(event: 'second-instance', listener: (event: object, argv: string[], folder: string) => void): unknown;
  on(event: 'open-file', listener: (event: Cancellable, path: string) => void): unknown;
  on(event: 'before-quit', listener: (event: Cancellable) => void): unknown;
  on(event: 'web-contents-created', listener: (event: object, contents: ContentsLike) => void): unknown;
  on(event: 'activate' | 'window-all-closed', listener: () => void): unknown;
}

/** The system's window, whatever it shows. */
export interface BareWindow {
  isMinimized(): boolean;
  restore(): void;
  show(): void;
  hide(): void;
  focus(): void;
}

export interface WindowLike extends BareWindow {
  readonly webContents: ContentsLike;
  loadURL(url: string): Promise<void>;
  on(event: 'ready-to-show' | 'closed', listener: () => void): unknown;
}

export interface ContentsLike {
  readonly session: SessionLike;
  send(channel: string, ...args: unknown[]): void;
  postMessage(channel: string, message: unknown, transfer?: ElectronPort[]): void;
  reload(): void;
  undo(): void;
  redo(): void;
  copy(): void;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', listener: (event: Cancellable & { readonly url: string }) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Cancellable) => void): unknown;
  on(event: 'did-start-loading', listener: () => void): unknown;
  on(event: 'render-process-gone', listener: (event: object, details: RenderProcessGoneDetails) => void): unknown;
}

export interface SessionLike {
  setPermissionRequestHandler(handler: (contents: ContentsLike, permission: string, answer: (granted: boolean) => void) => void): void;
  setPermissionCheckHandler(handler: (contents: ContentsLike | null, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

export interface MenuLike {
  getMenuItemById(id: string): { enabled: boolean } | null;
}

export interface DialogLike {
  showOpenDialog(window: BareWindow, options: OpenDialogOptions): Promise<{ canceled: boolean; filePaths: string[] }>;
  showMessageBox(options: MessageBoxOptions): Promise<{ response: number }>;
}

/** A request from a window, with the frame that it came from. */
export interface InvokeEvent {
  readonly sender: ContentsLike;
  readonly senderFrame: { readonly url: string; readonly parent: object | null } | null;
}

export interface IpcMainLike {
  handle(channel: string, listener: (event: InvokeEvent, ...args: unknown[]) => unknown): void;
}

export interface ProtocolLike {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void;
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
}
