/**
 * Orders names as people read them, "2.png" before "10.png", folder by folder. It depends on nothing but the two strings
 * (no locale, no library data), so that the same folder gives the same dataset on every machine.
 */
export function naturalOrder(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const endA = digitsEnd(a, i);
      const endB = digitsEnd(b, j);
      const order = compareNumbers(a, i, endA, b, j, endB);
      if (order !== 0) return order;
      i = endA;
      j = endB;
      continue;
    }
    const order = rank(a, i) - rank(b, j);
    if (order !== 0) return order;
    i++;
    j++;
  }
  const rest = a.length - i - (b.length - j);
  // Names that differ only in leading zeros ("1", "01") still need an order of their own.
  return rest !== 0 ? rest : a < b ? -1 : a > b ? 1 : 0;
}

/** "/" sorts before everything else, so that a folder's files stay together. */
function rank(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit === 0x2f ? -1 : unit;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

function digitsEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text, end)) end++;
  return end;
}

/** By value, however many digits: leading zeros aside, the longer number is the larger one. */
function compareNumbers(a: string, fromA: number, endA: number, b: string, fromB: number, endB: number): number {
  while (fromA < endA && a.charCodeAt(fromA) === 0x30) fromA++;
  while (fromB < endB && b.charCodeAt(fromB) === 0x30) fromB++;
  if (endA - fromA !== endB - fromB) return endA - fromA - (endB - fromB);
  for (; fromA < endA; fromA++, fromB++) {
    const order = a.charCodeAt(fromA) - b.charCodeAt(fromB);
    if (order !== 0) return order;
  }
  return 0;
}
