import { commandIds } from '../../../shared/commands.js';
import type { CommandId } from '../../../shared/commands.js';
import type { Locale } from '../../../shared/messages/locale.js';
import type { DesktopElectron, MenuLike } from './electronApi.js';
import { menuTemplate } from './menu.js';
import type { MenuState } from './menu.js';

/** The application menu as it stands: rebuilt when the language changes, in place when commands become possible or impossible. */
export class AppMenu {
  readonly #electron: Pick<DesktopElectron, 'Menu'>;
  readonly #state: Omit<MenuState, 'locale' | 'isEnabled'>;
  #locale: Locale;
  #menu: MenuLike;
  /** Nothing can be done before a window has said what can. */
  #enabled: ReadonlySet<CommandId> = new Set();

  constructor(electron: Pick<DesktopElectron, 'Menu'>, locale: Locale, state: Omit<MenuState, 'locale' | 'isEnabled'>) {
    this.#electron = electron;
    this.#state = state;
    this.#locale = locale;
    this.#menu = this.#build();
  }

  get locale(): Locale {
    return this.#locale;
  }

  setLocale(locale: Locale): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#menu = this.#build();
  }

  setEnabled(enabled: ReadonlySet<CommandId>): void {
    this.#enabled = enabled;
    for (const id of commandIds) {
      const item = this.#menu.getMenuItemById(id);
      if (item) item.enabled = enabled.has(id);
    }
  }

  #build(): MenuLike {
    const template = menuTemplate({ ...this.#state, locale: this.#locale, isEnabled: (id) => this.#enabled.has(id) });
    const menu = this.#electron.Menu.buildFromTemplate(template);
    this.#electron.Menu.setApplicationMenu(menu);
    return menu;
  }
}
