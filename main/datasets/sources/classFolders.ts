/** What the folders of a source say about its images. */
export interface FolderMeaning {
  /** Class of each image, parallel to the names; null for none. */
  readonly classes: readonly (string | null)[];
  /** Whether each image belongs to the source's own test part; null when it has none. */
  readonly heldOut: readonly boolean[] | null;
}

const trainingFolders = new Set(['train', 'training']);
const testFolders = new Set(['test', 'testing', 'val', 'valid', 'validation']);

/**
 * Reads classes out of the folders that images lie in.
 *
 * - Folders that all images have in common say nothing and are stripped ("photos/cats/1.png", "photos/dogs/1.png").
 * - Where then at least two folders remain side by side, each is a class; images that lie beside these folders have none,
 *   and deeper folders only sort the images of a class.
 * - Where these folders are a training part and a test or validation part, the latter is held out, and the classes are
 *   looked for one level further down.
 * @param names paths of the images, parts joined by "/"
 */
export function readClassFolders(names: readonly string[]): FolderMeaning {
  const depth = commonDepth(names);
  const top = names.map((name) => folderAt(name, depth));
  const folders = new Set(top.filter((folder) => folder !== null).map((folder) => folder.toLowerCase()));
  const isSplit =
    top.every((folder) => folder !== null) &&
    [...folders].every((folder) => trainingFolders.has(folder) || testFolders.has(folder)) &&
    [...folders].some((folder) => trainingFolders.has(folder)) &&
    [...folders].some((folder) => testFolders.has(folder));
  if (!isSplit) return { classes: atLeastTwo(top), heldOut: null };
  return {
    classes: atLeastTwo(names.map((name) => folderAt(name, depth + 1))),
    heldOut: top.map((folder) => testFolders.has(folder?.toLowerCase() ?? '')),
  };
}

function atLeastTwo(folders: readonly (string | null)[]): readonly (string | null)[] {
  const classes = new Set(folders);
  classes.delete(null);
  return classes.size >= 2 ? folders : folders.map(() => null);
}

/** Number of leading folders that all names share. */
function commonDepth(names: readonly string[]): number {
  const first = names[0]?.split('/').slice(0, -1) ?? [];
  let depth = first.length;
  for (const name of names) {
    const parts = name.split('/').slice(0, -1);
    let shared = 0;
    while (shared < depth && shared < parts.length && parts[shared] === first[shared]) shared++;
    depth = shared;
  }
  return depth;
}

/** The folder at `depth`, null where the image itself lies there. */
function folderAt(name: string, depth: number): string | null {
  const parts = name.split('/');
  return depth < parts.length - 1 ? parts[depth]! : null;
}
