import type { Command, CommandId } from '../../commands.js';

/** Names of commands, as menus, palette and key list show them. */
export const commands: Record<CommandId, string> = {
  openImages: 'Choose images',
  openProject: 'Open project',
  pasteImages: 'Paste images',
  closeProject: 'Close project',
  discard: 'Cancel or discard',
  sampleDigits: 'Sample: handwritten digits',
  sampleShapes: 'Sample: shapes',
  sampleEmoji: 'Sample: emoji',
  undo: 'Undo',
  redo: 'Redo',
  copyLatent: 'Copy latent as JSON',
  findItem: 'Search images',
  palette: 'Any command',
  fitCloud: 'Fit the cloud',
  homeCloud: 'Home view',
  isolateClass: 'Isolate class',
  thumbnails: 'Thumbnails',
  nextNeighbour: 'Next neighbour',
  theme: 'Light or dark',
  language: 'Language',
  singleKeys: 'Single-key shortcuts',
  nextRegion: 'Next region',
  train: 'Train',
  pauseOrContinue: 'Pause or continue',
  step: 'One step',
  stop: 'Stop',
  playMorph: 'Play morph',
  setA: 'Set A',
  setB: 'Set B',
  swap: 'Swap A and B',
  lerp: 'Straight path (lerp)',
  slerp: 'Arc (slerp)',
  keys: 'All keys',
  about: 'About Morphoscope',
};

/** Titles of the menus. */
export const menus: Record<Exclude<Command['menu'], null>, string> = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  run: 'Run',
  morph: 'Morph',
  help: 'Help',
};
