import { dirname } from 'node:path';
import type { OpenDialogOptions } from 'electron';
import { catalogues } from '../../../shared/messages/catalogues.js';
import type { Locale } from '../../../shared/messages/locale.js';
import type { DesktopElectron, WindowLike } from './electronApi.js';

/** Files that an import reads; folders are looked through for the same. */
const imageEndings = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'tif', 'tiff', 'avif', 'svg', 'zip', 'gz', 'idx3-ubyte'];

/** The system's dialogs. Each opens where the last one ended: Electron itself would begin in Downloads each time. */
export class Dialogs {
  readonly #electron: Pick<DesktopElectron, 'app' | 'dialog'>;
  readonly #isMac: boolean;
  #imagesFolder: string | null = null;
  #projectsFolder: string | null = null;

  constructor(electron: Pick<DesktopElectron, 'app' | 'dialog'>, isMac: boolean) {
    this.#electron = electron;
    this.#isMac = isMac;
  }

  /** Folders of images; on macOS, whose dialog takes both at once, files and archives too. Empty when cancelled. */
  async chooseImages(window: WindowLike, locale: Locale): Promise<readonly string[]> {
    const m = catalogues[locale];
    const paths = await this.#ask(window, {
      title: m.desktop.chooseImages,
      buttonLabel: m.desktop.choose,
      defaultPath: this.#imagesFolder ?? this.#electron.app.getPath('pictures'),
      properties: this.#isMac ? ['openFile', 'openDirectory', 'multiSelections'] : ['openDirectory', 'multiSelections'],
      filters: [{ name: m.desktop.imageFiles, extensions: imageEndings }],
    });
    if (paths[0] !== undefined) this.#imagesFolder = dirname(paths[0]);
    return paths;
  }

  /** The folder of a project; null when cancelled. */
  async chooseProject(window: WindowLike, locale: Locale): Promise<string | null> {
    const m = catalogues[locale];
    const [path] = await this.#ask(window, {
      title: m.desktop.chooseProject,
      buttonLabel: m.desktop.open,
      defaultPath: this.#projectsFolder ?? this.#electron.app.getPath('home'),
      // macOS shows a project as one file.
      properties: this.#isMac ? ['openFile', 'openDirectory'] : ['openDirectory'],
      filters: [{ name: m.desktop.project, extensions: ['morphoscope'] }],
    });
    if (path === undefined) return null;
    this.#projectsFolder = dirname(path);
    return path;
  }

  async #ask(window: WindowLike, options: OpenDialogOptions): Promise<readonly string[]> {
    const { canceled, filePaths } = await this.#electron.dialog.showOpenDialog(window, options);
    return canceled ? [] : filePaths;
  }
}
