import type { MenuItemConstructorOptions } from 'electron';
import { commandIds, commands } from '../../../shared/commands.js';
import type { Command, CommandId } from '../../../shared/commands.js';
import { catalogues } from '../../../shared/messages/catalogues.js';
import type { Locale } from '../../../shared/messages/locale.js';

/** What the application menu depends on. */
export interface MenuState {
  readonly locale: Locale;
  readonly isMac: boolean;
  /** A packaged program has no tools for its developers. */
  readonly isPackaged: boolean;
  readonly isEnabled: (command: CommandId) => boolean;
  readonly choose: (command: CommandId) => void;
}

type Item = MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;

const separator: Item = { type: 'separator' };

/** The application menu: our commands, and beside them what the system expects to find in each menu. */
export function menuTemplate(state: MenuState): Item[] {
  const { isMac, isPackaged } = state;
  const m = catalogues[state.locale];
  const role = (name: Role, label: string): Item => ({ role: name, label });
  const item = (id: CommandId): Item => commandItem(id, state);
  const of = (menu: Exclude<Command['menu'], null>, except: readonly CommandId[] = []): Item[] =>
    commandIds.filter((id) => commands[id].menu === menu && !except.includes(id)).map(item);

  const application: Item = {
    label: m.desktop.name,
    submenu: [
      item('about'),
      separator,
      role('services', m.desktop.services),
      separator,
      role('hide', m.desktop.hide),
      role('hideOthers', m.desktop.hideOthers),
      role('unhide', m.desktop.showAll),
      separator,
      role('quit', m.desktop.quit),
    ],
  };
  const edit: Item[] = [
    item('undo'),
    item('redo'),
    separator,
    role('cut', m.desktop.cut),
    item('copyLatent'),
    role('selectAll', m.desktop.selectAll),
    separator,
    ...of('edit', ['undo', 'redo', 'copyLatent']),
  ];
  const view: Item[] = [
    ...of('view'),
    separator,
    role('resetZoom', m.desktop.actualSize),
    role('zoomIn', m.desktop.zoomIn),
    role('zoomOut', m.desktop.zoomOut),
    separator,
    role('togglefullscreen', m.desktop.fullScreen),
    role('reload', m.desktop.reload),
    ...(isPackaged ? [] : [role('toggleDevTools', m.desktop.developerTools)]),
  ];
  const window: Item = {
    role: 'window',
    label: m.desktop.window,
    submenu: [role('minimize', m.desktop.minimize), role('zoom', m.desktop.zoom), separator, role('front', m.desktop.bringToFront)],
  };
  return [
    ...(isMac ? [application] : []),
    { label: m.menus.file, submenu: [...of('file'), ...(isMac ? [] : [separator, role('quit', m.desktop.quit)])] },
    { label: m.menus.edit, submenu: edit },
    { label: m.menus.view, submenu: view },
    { label: m.menus.run, submenu: of('run') },
    { label: m.menus.morph, submenu: of('morph') },
    ...(isMac ? [window] : []),
    { role: 'help', label: m.menus.help, submenu: of('help', isMac ? ['about'] : []) },
  ];
}

function commandItem(id: CommandId, { locale, isEnabled, choose }: MenuState): Item {
  const label = catalogues[locale].commands[id];
  const accelerator = acceleratorOf(commands[id].key);
  // The window may not read the clipboard by itself: the system's own command hands it over.
  if (id === 'pasteImages') return { label, role: 'paste' };
  return {
    id,
    label,
    enabled: isEnabled(id),
    click: () => choose(id),
    // The window has the keys. Off a Mac, where the menu would have them too if they were registered, they are only shown here.
    ...(accelerator === null ? {} : { accelerator, registerAccelerator: false }),
  };
}

/** Electron's writing of a key with `Mod`; null for every other: a menu would take single letters from text fields. */
export function acceleratorOf(key: string | null): string | null {
  return key?.startsWith('Mod+') ? key.replace('Mod', 'CommandOrControl') : null;
}
