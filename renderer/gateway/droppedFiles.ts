/** A file and its path inside what was dropped, parts joined by "/". */
export interface DroppedFile {
  readonly name: string;
  readonly file: File;
}

/** The files of folders and of the folders in them, in portions as the browser lists them. Hidden ones, which are no images of anybody's, stay out. */
export async function* filesIn(entries: readonly FileSystemEntry[]): AsyncGenerator<readonly DroppedFile[]> {
  const folders: FileSystemDirectoryEntry[] = [];
  const look = (some: readonly FileSystemEntry[]): Promise<DroppedFile[]> => {
    const visible = some.filter(({ name }) => !name.startsWith('.'));
    folders.push(...visible.filter(isFolder));
    return Promise.all(visible.filter(isFile).map(fileOf));
  };
  yield await look(entries);
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for await (const portion of portionsOf(folder)) yield await look(portion);
  }
}

/** A reader gives a hundred entries or so at a time, and none at the end. */
async function* portionsOf(folder: FileSystemDirectoryEntry): AsyncGenerator<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    yield portion;
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<DroppedFile> {
  return { name: entry.fullPath.replace(/^\//, ''), file: await new Promise((resolve, reject) => entry.file(resolve, reject)) };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
