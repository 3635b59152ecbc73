/** What the preload sees of Electron, and the paths by which the test lets files be on disk. */
export interface PageWithElectron extends Window {
  /** Path of each file that a test drops, by its name. */
  pathsByName?: Readonly<Record<string, string>>;
}

/**
 * The renderer's half of Electron, played in an ordinary page: what the preload may load (`electron`) over a WebSocket to the stand-in of
 * the main process. It runs in the page before anything else and has to be complete in itself.
 *
 * @param preload the built preload, as a function of what Electron gives it
 */
export function electronInPage(preload: (require: (name: string) => unknown, process: { readonly platform: string }) => void): void {
  type Message =
    | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
    | { readonly kind: 'sent'; readonly channel: string; readonly args: readonly unknown[]; readonly port: number | null }
    | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
    | { readonly kind: 'closePort'; readonly port: number };
  type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: readonly unknown[]) => void;

  const socket = new WebSocket(`ws://${location.host}/ipc`);
  const opened = new Promise<void>((resolve) => socket.addEventListener('open', () => resolve()));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Listener>();
  const ports = new Map<number, MessagePort>();
  /** The other ends, as the window has got them, oldest first. */
  const handedOver: MessagePort[] = [];
  let asked = 0;

  const arrays = [Uint8Array, Int8Array, Uint8ClampedArray, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];
  const pack = (_key: string, value: unknown): unknown => {
    if (!ArrayBuffer.isView(value)) return value;
    let binary = '';
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) binary += String.fromCharCode(byte);
    return { $array: value.constructor.name, base64: btoa(binary) };
  };
  const unpack = (_key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !('$array' in value) || !('base64' in value)) return value;
    const kind = arrays.find(({ name }) => name === value.$array)!;
    return new kind(Uint8Array.from(atob(String(value.base64)), (character) => character.charCodeAt(0)).buffer);
  };
  const post = (message: object): void => void opened.then(() => socket.send(JSON.stringify(message, pack)));

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.addEventListener('message', ({ data }) => post({ kind: 'port', port: id, data }));
    port1.start();
    return port2;
  };
  window.addEventListener('message', ({ ports: [port] }) => {
    if (port) handedOver.push(port);
  });
  // Electron tells a port that its other end is gone (message-ports.md, "Extension: close event"); Chromium alone does not.
  const closePort = (id: number): void => {
    handedOver[[...ports.keys()].indexOf(id)]?.dispatchEvent(new Event('close'));
  };
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data), unpack) as Message;
    if (message.kind === 'port') ports.get(message.port)?.postMessage(message.data);
    else if (message.kind === 'closePort') closePort(message.port);
    else if (message.kind === 'sent') listeners.get(message.channel)?.({ ports: message.port === null ? [] : [openPort(message.port)] }, ...message.args);
    else if (message.error === undefined) waiting.get(message.id)?.resolve(message.value);
    else waiting.get(message.id)?.reject(new Error(message.error));
  });

  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => Object.assign(window, { [name]: api }) },
    ipcRenderer: {
      invoke: (channel: string, ...args: readonly unknown[]) =>
        new Promise<unknown>((resolve, reject) => {
          const id = ++asked;
          waiting.set(id, { resolve, reject });
          post({ kind: 'invoke', id, channel, args });
        }),
      on: (channel: string, listener: Listener) => listeners.set(channel, listener),
    },
    webUtils: { getPathForFile: (file: File) => (window as PageWithElectron).pathsByName?.[file.name] ?? '' },
  };
  preload((name) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload cannot load ${name}.`);
    return electron;
  }, { platform: 'linux' });
}
