/**
 * A number as a person types it: "1,200", "1.5", "1,5", "32 dimensions". A comma is a decimal comma when it stands once and not before
 * exactly three digits at the end. Null when there is no number at the beginning.
 */
export function parseNumber(text: string): number | null {
  const match = /^\s*([-\u2212+]?[\d.,\u00a0\u202f' ]*\d(?:e[-+]?\d+)?)/i.exec(text);
  if (!match) return null;
  let digits = match[1]!.replace(/[\u00a0\u202f' ]/g, '').replace('\u2212', '-');
  const commas = digits.split(',').length - 1;
  digits = commas === 1 && !digits.includes('.') && !/,\d{3}$/.test(digits) ? digits.replace(',', '.') : digits.replaceAll(',', '');
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}
