import { describe, expect, it } from 'vitest';
import { commandIds, commands } from '../../shared/commands.js';
import { chordOf, commandsOf, isCharacter, keyLabel, type KeyPress } from './keyMap.js';

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, ...none, ...held });

describe('key presses', () => {
  it('are read as the commands write them, on each platform by its own modifier', () => {
    expect(chordOf(press('z', { ctrlKey: true }), false)).toBe('Mod+Z');
    expect(chordOf(press('Z', { metaKey: true, shiftKey: true }), true)).toBe('Mod+Shift+Z');
    expect(chordOf(press('z', { ctrlKey: true }), true)).toBeNull();
    expect(chordOf(press('z', { metaKey: true }), false)).toBeNull();
  });

  it('stand for the character, whatever it takes to type it', () => {
    expect(chordOf(press('?', { shiftKey: true }), false)).toBe('?');
    expect(chordOf(press('/', { shiftKey: true }), false)).toBe('/');
    expect(chordOf(press(' '), false)).toBe('Space');
    expect(chordOf(press('a'), false)).toBe('A');
  });

  it('with Alt mean nothing here', () => {
    expect(chordOf(press('F6', { altKey: true }), false)).toBeNull();
  });
});

describe('commands', () => {
  it('that share a key never share a stage', () => {
    const sharing = commandIds.filter((id) => commands[id].key !== null && commandIds.some((other) => other !== id && commands[other].key === commands[id].key));
    // The samples are for the first screen, the paths of a morph for the studio; Escape leaves the preflight or the lesson.
    expect(sharing).toEqual(['discard', 'sampleDigits', 'sampleShapes', 'lerp', 'slerp', 'leaveLearn']);
  });

  it('are all found by the key that is shown for them, but for the paste event and what browsers keep', () => {
    for (const id of commandIds) {
      const { key } = commands[id];
      if (key !== null && id !== 'pasteImages') expect(commandsOf(key)).toContain(id);
    }
    expect(commandsOf('Mod+V')).toEqual([]);
    expect(keyLabel('closeProject', { kind: 'web', isMac: false })).toBeNull();
    expect(keyLabel('closeProject', { kind: 'desktop', isMac: true })).toBe('\u2318W');
    expect(keyLabel('redo', { kind: 'web', isMac: false })).toBe('Ctrl Shift Z');
  });

  it('can be switched off where they are a character alone', () => {
    expect(['A', '?', 'Space', '1'].every(isCharacter)).toBe(true);
    expect(['Mod+K', 'F6', 'Escape', 'Enter'].some(isCharacter)).toBe(false);
  });
});
