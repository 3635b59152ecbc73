import { describe, expect, test } from 'vitest';
import { commandIds, commands } from '../../../shared/commands.js';
import { catalogues } from '../../../shared/messages/catalogues.js';
import { locales } from '../../../shared/messages/locale.js';
import { acceleratorOf, menuTemplate } from './menu.js';
import type { MenuState } from './menu.js';

const state: MenuState = { locale: 'en', isMac: false, isPackaged: true, isEnabled: () => true, choose: () => undefined };
const kinds = [{ isMac: false }, { isMac: true }];

function itemsOf(changes: Partial<MenuState>) {
  return menuTemplate({ ...state, ...changes }).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
}

describe.each(kinds)('isMac $isMac', (kind) => {
  test('every command with a menu stands in it exactly once', () => {
    const ids = itemsOf(kind).flatMap(({ id, label }) => (id ?? (label === 'Paste images' ? 'pasteImages' : [])));
    expect([...ids].sort()).toEqual(commandIds.filter((id) => commands[id].menu !== null).sort());
  });

  test.each(locales)('every item and menu has a label in %s', (locale) => {
    const template = menuTemplate({ ...state, ...kind, locale });
    for (const item of [...template, ...itemsOf({ ...kind, locale })]) if (item.type !== 'separator') expect(item.label).toBeTruthy();
    expect(template.map(({ label }) => label)).toEqual(expect.arrayContaining(Object.values(catalogues[locale].menus)));
  });

  test('no key belongs to two items, and none without Ctrl or Command is taken from the text fields', () => {
    const keys = itemsOf(kind).flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('CommandOrControl+Shift+O');
    for (const key of keys) expect(key).toMatch(/^CommandOrControl\+/);
  });

  test('what cannot be done at present is grey', () => {
    const enabled = itemsOf({ ...kind, isEnabled: (id) => id === 'train' }).filter((item) => item.id !== undefined && item.enabled);
    expect(enabled.map(({ id }) => id)).toEqual(['train']);
  });
});

test('quit stands in the menu where the system has it', () => {
  const menuWithQuit = (isMac: boolean) => menuTemplate({ ...state, isMac }).find(({ submenu }) => Array.isArray(submenu) && submenu.some(({ role }) => role === 'quit'))?.label;
  expect([menuWithQuit(false), menuWithQuit(true)]).toEqual(['File', 'Morphoscope']);
});

test('only keys with Mod become accelerators', () => {
  expect(['Mod+K', 'Mod+Shift+Z', 'F', 'F6', 'Space', '?', null].map(acceleratorOf)).toEqual(['CommandOrControl+K', 'CommandOrControl+Shift+Z', null, null, null, null, null]);
});
