import { commandIds, commands, type CommandId } from '../../shared/commands.js';

/** What a key press says, apart from the page that it happens on. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys that browsers keep for themselves: a page does not even hear of them. */
const browserKeys: readonly string[] = ['Mod+W'];
/** Done by the browser's own event, which carries what was copied. */
const eventKeys: readonly string[] = ['Mod+V'];

/**
 * A key press as `commands` write keys: "Mod+Shift+Z", "F6", "?". A character that needs Shift on some keyboards stands for itself.
 * Null for one that means nothing here: with Alt, with the modifier of the other platform, or a modifier alone.
 */
export function chordOf(press: KeyPress, isMac: boolean): string | null {
  const mod = isMac ? press.metaKey : press.ctrlKey;
  if (press.altKey || (isMac ? press.ctrlKey : press.metaKey) || ['Control', 'Meta', 'Shift', 'Alt'].includes(press.key)) return null;
  const isLetter = /^\p{L}$/u.test(press.key);
  const name = press.key === ' ' ? 'Space' : isLetter ? press.key.toUpperCase() : press.key;
  // Shift belongs to the chord only where the key would be the same without it.
  const shift = press.shiftKey && (isLetter || press.key.length > 1);
  return `${mod ? 'Mod+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

/** Commands of a chord; at most one of them is possible at a time. */
export function commandsOf(chord: string): readonly CommandId[] {
  return eventKeys.includes(chord) ? [] : commandIds.filter((id) => commands[id].key === chord);
}

/** Whether a chord is a character by itself: those can be switched off, for people who dictate (WCAG 2.1.4). */
export function isCharacter(chord: string): boolean {
  return chord.length === 1 || chord === 'Space';
}

/** The key of a command as it is shown: "Ctrl Shift Z", on a Mac "\u2318\u21e7Z". Null when it has none here. */
export function keyLabel(id: CommandId, shell: { readonly kind: 'desktop' | 'web'; readonly isMac: boolean }): string | null {
  const { key } = commands[id];
  if (key === null || (shell.kind === 'web' && browserKeys.includes(key))) return null;
  const short = key.replace('Escape', 'Esc');
  return shell.isMac ? short.replace('Mod+', '\u2318').replace('Shift+', '\u21e7') : short.replace('Mod', 'Ctrl').replaceAll('+', ' ');
}
