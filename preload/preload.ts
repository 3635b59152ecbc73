import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { bridgeChannels as channels } from '../shared/contract/bridge.js';
import type { DesktopBridge } from '../shared/contract/bridge.js';

const bridge: DesktopBridge = {
  platform: process.platform,
  connect: () => void ipcRenderer.invoke(channels.connect),
  // The contract knows no DOM; Electron refuses whatever is no File.
  pathOf: (file) => webUtils.getPathForFile(file as File),
  chooseImages: () => ipcRenderer.invoke(channels.chooseImages),
  chooseProject: () => ipcRenderer.invoke(channels.chooseProject),
  onCommand: (listener) => void ipcRenderer.on(channels.command, (_event, command) => listener(command)),
  onOpen: (listener) => {
    ipcRenderer.on(channels.open, (_event, paths) => listener(paths));
    void ipcRenderer.invoke(channels.listensToOpen);
  },
  setAppearance: (appearance) => void ipcRenderer.invoke(channels.setAppearance, appearance),
  setEnabledCommands: (commands) => void ipcRenderer.invoke(channels.setEnabledCommands, commands),
  editText: (edit) => void ipcRenderer.invoke(channels.editText, edit),
};

contextBridge.exposeInMainWorld('morphoscope', bridge);

// A port cannot cross the bridge; a message of the window can carry it. The window is its only receiver, whatever its origin is called.
ipcRenderer.on(channels.port, (event) => window.postMessage(channels.port, '*', event.ports));
