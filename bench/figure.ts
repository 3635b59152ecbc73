/** What a benchmark found: one JSON object a line with --json, else one readable line. */
export interface Figure {
  readonly bench: string;
  readonly [name: string]: string | number | boolean | null;
}

export type Report = (figure: Figure, sentence: string) => void;

/** Median of a copy; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** "0.63 (at most 0.95)", or that there was no peer. @param limit null where none is set */
export function against(ratio: number | null, limit: number | null): string {
  if (ratio === null) return 'no peer (npm run bench -- peers)';
  return limit === null ? ratio.toFixed(2) : `${ratio.toFixed(2)} (at most ${limit})`;
}

/** The value that this part (0 to 1) of a copy does not exceed; NaN for an empty list. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}
