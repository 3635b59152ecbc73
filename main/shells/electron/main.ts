// The entry of the desktop program, and the only file that loads Electron: everything else is handed what it uses of it.
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, utilityProcess } from 'electron';
import { DesktopApp } from './DesktopApp.js';

const electron = { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, utilityProcess };

void new DesktopApp(electron, {
  renderer: fileURLToPath(new URL('../../../renderer/', import.meta.url)),
  preload: fileURLToPath(new URL('../../../preload/preload.cjs', import.meta.url)),
  platform: process.platform,
  argv: process.argv,
}).begin();
