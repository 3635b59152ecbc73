import type { CommandId } from '../../../shared/commands.js';
import type { SampleName } from '../../../shared/dataset.js';
import { locales } from '../../../shared/messages/locale.js';
import { keyLabel } from '../../session/keyMap.js';
import type { Session } from '../../session/Session.svelte.js';
import { nextRegion } from './regions.js';

/** What lies over the window at present. */
export type Overlay = 'palette' | 'keys' | 'about' | 'native';

/** Takes over the commands that belong to no region; returns the removal. */
export function handleFrameCommands(session: Session, show: (overlay: Overlay) => void): () => void {
  const { commands, preferences, gateway } = session;
  const { shell } = gateway;
  const removals: (() => void)[] = [];
  const handle = (id: CommandId, run: () => void, isEnabled?: () => boolean): void => void removals.push(commands.handle(id, run, isEnabled));
  const isFree = (): boolean => session.stage !== 'importing' && session.stage !== 'opening';
  const sample = (id: CommandId, name: SampleName): void => handle(id, () => void session.importSample(name), () => session.stage === 'empty');

  handle('openImages', () => void chooseImages(session), isFree);
  handle('pasteImages', () => void pasteImages(session), isFree);
  handle('openProject', () => (shell.chooseProject ? void chooseProject(session, shell.chooseProject) : show('palette')), isFree);
  handle('closeProject', () => session.closeProject(), () => session.stage === 'preflight' || session.stage === 'studio');
  handle('discard', () => (session.import ? session.cancelImport() : void session.discard()), () => session.stage === 'importing' || session.stage === 'preflight');
  sample('sampleDigits', 'mnist');
  sample('sampleShapes', 'shapes');
  sample('sampleEmoji', 'emoji');
  handle('palette', () => show('palette'));
  handle('findItem', () => show('palette'), () => session.stage === 'studio');
  handle('theme', () => preferences.setTheme(preferences.theme === 'dark' ? 'light' : 'dark'));
  handle('language', () => preferences.setLocale(locales[(locales.indexOf(preferences.locale) + 1) % locales.length]!));
  handle('singleKeys', () => preferences.setSingleKeys(!preferences.singleKeys));
  handle('nextRegion', nextRegion);
  handle('learn', () => session.learn(), () => session.stage === 'empty' || session.stage === 'preflight' || session.stage === 'studio');
  handle('leaveLearn', () => void session.leaveLesson(), () => session.stage === 'learn');
  handle('keys', () => show('keys'));
  handle('about', () => show('about'));
  handle('native', () => show('native'));
  return () => removals.forEach((remove) => remove());
}

async function chooseImages(session: Session): Promise<void> {
  const offer = await session.gateway.shell.chooseImages();
  if (offer) await session.importOffer(offer);
}

async function chooseProject(session: Session, choose: () => Promise<string | null>): Promise<void> {
  const dir = await choose();
  if (dir !== null) await session.openProject(dir);
}

/** For the menu: by key the paste event brings the images with it. */
async function pasteImages(session: Session): Promise<void> {
  const { m } = session.texts;
  const data = new DataTransfer();
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((type) => type.startsWith('image/'));
      if (type) data.items.add(new File([await item.getType(type)], `pasted.${type.slice('image/'.length)}`, { type }));
    }
  } catch {
    // Shells and browsers may forbid it; the key works everywhere.
    return session.notices.tell('window', m.frame.pasteRefused(keyLabel('pasteImages', session.gateway.shell)!));
  }
  const offer = session.gateway.shell.offerOf(data);
  if (offer) await session.importOffer(offer);
  else session.notices.tell('window', m.frame.nothingToPaste);
}
