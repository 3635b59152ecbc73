/**
 * The first key that an object in `json` has twice, or undefined. `JSON.parse` keeps the last one silently, which lets two readers
 * of one file see different things. `json` must be valid JSON.
 */
export function duplicateKey(json: string): string | undefined {
  /** Keys of each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let keyComes = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') {
      open.push(new Set());
      keyComes = true;
    } else if (character === '[') {
      open.push(null);
      keyComes = false;
    } else if (character === '}' || character === ']') {
      open.pop();
      keyComes = false;
    } else if (character === ',') {
      keyComes = open.at(-1) instanceof Set;
    } else if (character === '"') {
      const begin = i++;
      for (; json[i] !== '"'; i++) if (json[i] === '\\') i++;
      if (!keyComes) continue;
      keyComes = false;
      const key = JSON.parse(json.slice(begin, i + 1)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
