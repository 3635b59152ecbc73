/**
 * Everything that a person can ask of the window by a key, a menu or the command palette. `key` is written as the window reads it:
 * `Mod` is Ctrl, on a Mac Command; keys without `Mod` are off while a text field has the focus and can be switched off altogether. Two
 * commands may have one key when they are never possible at the same time.
 */
export interface Command {
  /** Null: only by menu or palette. */
  readonly key: string | null;
  /** The menu that it stands in; null: in none. */
  readonly menu: 'file' | 'edit' | 'view' | 'run' | 'morph' | 'help' | null;
}

export const commands = {
  openImages: { key: 'Mod+O', menu: 'file' },
  openProject: { key: 'Mod+Shift+O', menu: 'file' },
  pasteImages: { key: 'Mod+V', menu: 'file' },
  closeProject: { key: 'Mod+W', menu: 'file' },
  discard: { key: 'Escape', menu: 'file' },
  sampleDigits: { key: '1', menu: null },
  sampleShapes: { key: '2', menu: null },
  sampleEmoji: { key: '3', menu: null },
  undo: { key: 'Mod+Z', menu: 'edit' },
  redo: { key: 'Mod+Shift+Z', menu: 'edit' },
  copyLatent: { key: 'Mod+C', menu: 'edit' },
  findItem: { key: '/', menu: 'edit' },
  palette: { key: 'Mod+K', menu: 'edit' },
  fitCloud: { key: 'F', menu: 'view' },
  homeCloud: { key: 'H', menu: 'view' },
  isolateClass: { key: 'I', menu: 'view' },
  thumbnails: { key: 'T', menu: 'view' },
  nextNeighbour: { key: 'N', menu: 'view' },
  theme: { key: null, menu: 'view' },
  language: { key: null, menu: 'view' },
  singleKeys: { key: null, menu: 'view' },
  nextRegion: { key: 'F6', menu: 'view' },
  train: { key: 'Enter', menu: 'run' },
  pauseOrContinue: { key: 'P', menu: 'run' },
  step: { key: '.', menu: 'run' },
  stop: { key: null, menu: 'run' },
  native: { key: null, menu: 'run' },
  playMorph: { key: 'Space', menu: 'morph' },
  setA: { key: 'A', menu: 'morph' },
  setB: { key: 'B', menu: 'morph' },
  swap: { key: 'X', menu: 'morph' },
  lerp: { key: '1', menu: 'morph' },
  slerp: { key: '2', menu: 'morph' },
  learn: { key: null, menu: 'help' },
  leaveLearn: { key: 'Escape', menu: null },
  keys: { key: '?', menu: 'help' },
  about: { key: null, menu: 'help' },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof commands;

export const commandIds = Object.keys(commands) as readonly CommandId[];
