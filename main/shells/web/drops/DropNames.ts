import { extname, join } from 'node:path';
import { safeName } from '../../../projects/home.js';

/** Folders inside each other; what lies deeper comes into the last of them, so that no path gets too long. */
const deepest = 16;

/** A folder of a drop: what it is called on disk, and what is in it. */
interface Folder {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  /** How often a name was wanted, by the name as no file system tells it apart. */
  readonly taken: Map<string, number>;
}

/**
 * Places the files of a drop below a folder, under names that cannot leave it, that every file system takes and that are all
 * different, whatever a browser (or somebody who plays one) calls them. A plain name stays as it is.
 */
export class DropNames {
  readonly #root: Folder;
  readonly #outermost: string[] = [];

  /** @param folder absolute path */
  constructor(folder: string) {
    this.#root = { path: folder, folders: new Map(), taken: new Map() };
  }

  /** Paths of the files and folders that lie directly in the folder, in the order in which they came. */
  get outermost(): readonly string[] {
    return this.#outermost;
  }

  /**
   * A free path for a file, and the folder that it lies in.
   *
   * @param name path inside the drop, parts joined by "/"
   */
  place(name: string): { readonly folder: string; readonly path: string } {
    const parts = name.split('/').filter((part) => part !== '');
    const file = parts.pop() ?? '';
    let folder = this.#root;
    for (const part of parts.slice(0, deepest)) folder = this.#enter(folder, part);
    return { folder: folder.path, path: this.#take(folder, file) };
  }

  #enter(parent: Folder, name: string): Folder {
    const known = parent.folders.get(name);
    if (known) return known;
    const folder: Folder = { path: this.#take(parent, name), folders: new Map(), taken: new Map() };
    parent.folders.set(name, folder);
    return folder;
  }

  /** The first of "name.png", "name (2).png", ... that is free. */
  #take({ path, taken }: Folder, raw: string): string {
    const name = cleanName(raw);
    const ending = extname(name);
    for (;;) {
      const wanted = (taken.get(key(name)) ?? 0) + 1;
      taken.set(key(name), wanted);
      const free = wanted === 1 ? name : `${name.slice(0, name.length - ending.length)} (${wanted})${ending}`;
      if (wanted > 1 && taken.has(key(free))) continue;
      taken.set(key(free), 1);
      const place = join(path, free);
      if (path === this.#root.path) this.#outermost.push(place);
      return place;
    }
  }
}

/** Some file systems ignore case, some how accents are composed (names are composed when they get here). */
function key(name: string): string {
  return name.toUpperCase();
}

/** What comes behind the last dot of a file stays, however long the rest is. */
function cleanName(raw: string): string {
  const [, stem, ending] = /^(.*?)(\.\w{1,10})?$/s.exec(raw)!;
  return safeName(stem!) + (ending ?? '');
}
