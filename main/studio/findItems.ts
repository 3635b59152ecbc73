import type { FoundItem } from '../../shared/contract/studio.js';
import type { ItemIndex } from '../datasets/packedDataset.js';

/** How well something matches, best first: the same, its beginning, the beginning of a word in it, anywhere in it. */
const ranks = 4;

/**
 * Items whose position, id or class matches `text`, best first, at most `limit`. The position comes first, then ids by how they match
 * (the whole id or file name, its beginning, the beginning of a word, anywhere), then items of a class that begins with `text`;
 * within a rank in the order of the dataset. Case and accents do not count. Nothing matches an empty text.
 */
export function findItems({ ids, labels }: ItemIndex, classes: readonly string[], text: string, limit: number): FoundItem[] {
  const sought = folded(text.trim());
  if (sought === '') return [];
  const position = /^\d+$/.test(sought) ? Number(sought) : -1;
  const ofClass = classes.map((name) => folded(name).startsWith(sought));
  const found: number[][] = Array.from({ length: ranks + 2 }, () => []);
  for (const [item, id] of ids.entries()) {
    const rank = item === position ? 0 : rankOf(folded(id), sought) ?? (ofClass[labels[item]!] ? ranks + 1 : null);
    if (rank === null || found[rank]!.length >= limit) continue;
    found[rank]!.push(item);
  }
  return found.flat().slice(0, limit).map((item) => ({ item, id: ids[item]! }));
}

/** 1 for the best match to `ranks` for the weakest; null for none. */
function rankOf(id: string, sought: string): number | null {
  const at = id.indexOf(sought);
  if (at < 0) return null;
  const name = id.slice(id.lastIndexOf('/') + 1);
  if (id === sought || name === sought || name.replace(/\.[^.]*$/, '') === sought) return 1;
  if (name.startsWith(sought) || at === 0) return 2;
  return beginsWord(id, sought, at) ? 3 : ranks;
}

function beginsWord(id: string, sought: string, first: number): boolean {
  for (let at = first; at >= 0; at = id.indexOf(sought, at + 1)) if (!/[\p{L}\p{N}]/u.test(id[at - 1] ?? ' ')) return true;
  return false;
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
}
