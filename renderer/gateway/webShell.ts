import { filesIn } from './droppedFiles.js';
import type { DroppedFile } from './droppedFiles.js';
import type { Offer, Shell } from './Shell.js';
import { WebOffer } from './WebOffer.js';

/** What a browser has to offer around the window: no paths, no menu, nothing that is opened from outside. */
export function openWebShell(): Shell {
  return {
    kind: 'web',
    isMac: navigator.platform.startsWith('Mac'),
    chooseImages: chooseFolder,
    chooseProject: null,
    offerOf,
    onCommand: () => undefined,
    onOffer: () => undefined,
    setAppearance: () => undefined,
    setEnabledCommands: () => undefined,
  };
}

/** Asks for a folder: a browser has no dialog for folders and files at once, and loose files can be dropped. */
function chooseFolder(): Promise<Offer | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.webkitdirectory = true;
  return new Promise((resolve) => {
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath, file }));
      const visible = files.filter(({ name }) => !name.split('/').some((part) => part.startsWith('.')));
      resolve(visible.length === 0 ? null : new WebOffer(visible[0]!.name.split('/', 1)[0]!, 1, () => inOnePortion(visible)));
    });
    input.click();
  });
}

/** Files and folders that were dropped; a picture that was copied from a program has no place in a file system and comes as a bare file. */
function offerOf(data: DataTransfer): Offer | null {
  const entries: FileSystemEntry[] = [];
  const bare: DroppedFile[] = [];
  for (const item of data.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    else if (file) bare.push({ name: file.name, file });
  }
  const count = entries.length + bare.length;
  if (count === 0) return null;
  const first = entries[0]?.isDirectory ? entries[0].name : withoutEnding((entries[0] ?? bare[0]!).name);
  return new WebOffer(first, count, async function* () {
    yield bare;
    yield* filesIn(entries);
  });
}

async function* inOnePortion(files: readonly DroppedFile[]): AsyncGenerator<readonly DroppedFile[]> {
  yield files;
}

function withoutEnding(name: string): string {
  return name.replace(/(.)\.[^.]*$/, '$1');
}
