import { chordOf, commandsOf, isCharacter } from '../../session/keyMap.js';
import type { Session } from '../../session/Session.svelte.js';

const textFields = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
/** What Enter and Space press. */
const pressables = 'button, a[href], summary, [role="button"], [role="option"], [role="tab"], [role="switch"]';
/** What has keys of its own while it is open. */
const layers = '[role="dialog"], [role="menu"], [role="listbox"]';
const editingChords: readonly string[] = ['Mod+C', 'Mod+V', 'Mod+Z', 'Mod+Shift+Z'];

/** The one listener for the keys of commands: runs the command that the key stands for, if it is possible and the key is not needed where it was pressed. */
export function takeKey(event: KeyboardEvent, session: Session): void {
  if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
  const chord = chordOf(event, session.gateway.shell.isMac);
  if (chord === null || event.target.closest(layers)) return;
  const isText = event.target.matches(textFields);
  if (isText && (editingChords.includes(chord) || !/^(Mod\+|F\d)/.test(chord))) return;
  if (isCharacter(chord) && !session.preferences.singleKeys) return;
  if ((chord === 'Enter' || chord === 'Space') && event.target.closest(pressables)) return;
  // Text that is marked is what is meant to be copied.
  if (chord === 'Mod+C' && getSelection()?.isCollapsed === false) return;
  if (commandsOf(chord).some((id) => session.commands.run(id))) event.preventDefault();
}
