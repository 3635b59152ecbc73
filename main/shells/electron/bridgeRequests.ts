import * as v from 'valibot';
import { commandIds } from '../../../shared/commands.js';
import type { CommandId } from '../../../shared/commands.js';
import { bridgeChannels, textEdits } from '../../../shared/contract/bridge.js';
import type { Appearance, TextEdit } from '../../../shared/contract/bridge.js';
import { parseUnknown } from '../../../shared/contract/parseUnknown.js';
import { locales } from '../../../shared/messages/locale.js';
import { appPage } from './appProtocol.js';
import type { ContentsLike, InvokeEvent, IpcMainLike } from './electronApi.js';

/** What a window may ask of the shell, by way of the preload. */
export interface BridgeRequests {
  connect(): void;
  chooseImages(): Promise<readonly string[]>;
  chooseProject(): Promise<string | null>;
  setAppearance(appearance: Appearance): void;
  setEnabledCommands(commands: readonly CommandId[]): void;
  editText(edit: TextEdit): void;
  listensToOpen(): void;
}

/** The arguments of each request. */
const schemas: { readonly [K in keyof BridgeRequests]: v.GenericSchema<unknown, Parameters<BridgeRequests[K]>> } = {
  connect: v.strictTuple([]),
  chooseImages: v.strictTuple([]),
  chooseProject: v.strictTuple([]),
  setAppearance: v.strictTuple([v.strictObject({ locale: v.picklist(locales), theme: v.picklist(['dark', 'light']) })]),
  setEnabledCommands: v.strictTuple([v.array(v.picklist(commandIds))]),
  editText: v.strictTuple([v.picklist(textEdits)]),
  listensToOpen: v.strictTuple([]),
};

/**
 * Answers what the window asks. A request from anything but the page of the present window is refused, as is one whose arguments are
 * not what they have to be: both reject at the caller, who has no business there.
 *
 * @param present the page of the present window; null while there is none
 */
export function serveBridge(ipcMain: IpcMainLike, requests: BridgeRequests, present: () => ContentsLike | null): void {
  for (const name of Object.keys(schemas) as (keyof BridgeRequests)[]) {
    ipcMain.handle(bridgeChannels[name], (event, ...args) => {
      if (!isTrusted(event, present())) throw new Error(`${name} was asked for by a stranger.`);
      const request = requests[name] as (...args: unknown[]) => unknown;
      return request.apply(requests, parseUnknown<unknown[]>(schemas[name], args));
    });
  }
}

function isTrusted({ sender, senderFrame }: InvokeEvent, present: ContentsLike | null): boolean {
  return sender === present && senderFrame !== null && senderFrame.parent === null && senderFrame.url.startsWith(appPage);
}
