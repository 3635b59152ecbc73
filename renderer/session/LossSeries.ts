import type { LossTerms } from '../../shared/run.js';

/** A summary of a series by columns: parallel arrays, in order; stretches without a value have no column. */
export interface LossColumns {
  /** Middle of what was summarised: a step or an epoch, not always whole. */
  readonly positions: Float64Array;
  /** Means, nats per image. */
  readonly reconstruction: Float64Array;
  readonly kl: Float64Array;
  /** Least and greatest sum of both terms. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The loss over the steps (or epochs) of a run in bounded memory, however long it goes on. Positions fall into buckets of equal width that
 * keep count, sums and extremes; when all are in use, neighbours are joined and the width doubles. So there are always between half
 * the capacity and all of it: more than a chart has columns, and no peak is ever lost.
 */
export class LossSeries {
  readonly #capacity: number;
  /** Positions a bucket. Bucket i holds those above i x width up to (i + 1) x width. */
  #width = 1;
  /** Greatest position so far. */
  #end = 0;
  readonly #counts: Uint32Array;
  readonly #reconstruction: Float64Array;
  readonly #kl: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  /** @param capacity buckets, an even number */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#counts = new Uint32Array(capacity);
    this.#reconstruction = new Float64Array(capacity);
    this.#kl = new Float64Array(capacity);
    this.#low = new Float64Array(capacity).fill(Infinity);
    this.#high = new Float64Array(capacity).fill(-Infinity);
  }

  /** Greatest position that was added; 0 before the first. */
  get end(): number {
    return this.#end;
  }

  /** @param position a step or an epoch, from 1. Terms that are not finite leave a gap. */
  add(position: number, { reconstruction, kl = 0 }: LossTerms): void {
    while (position > this.#capacity * this.#width) this.#halve();
    this.#end = Math.max(this.#end, position);
    const total = reconstruction + kl;
    if (!Number.isFinite(total)) return;
    const i = Math.floor((position - 1) / this.#width);
    this.#counts[i]!++;
    this.#reconstruction[i]! += reconstruction;
    this.#kl[i]! += kl;
    this.#low[i] = Math.min(this.#low[i]!, total);
    this.#high[i] = Math.max(this.#high[i]!, total);
  }

  /** Summarises the positions above `from` up to the end in columns of equal width, about `most` of them; the first may reach back before `from`. */
  columns(from: number, most: number): LossColumns {
    const after = Math.ceil(this.#end / this.#width);
    const each = Math.max(1, Math.ceil((after - Math.max(0, Math.floor(from / this.#width))) / most));
    // Columns begin at multiples of their width, so that they do not regroup, and the line does not shiver, while `from` moves on.
    const first = Math.max(0, Math.floor(from / this.#width / each) * each);
    const length = Math.max(0, Math.ceil((after - first) / each));
    const make = (): Float64Array => new Float64Array(length);
    const columns = { positions: make(), reconstruction: make(), kl: make(), low: make(), high: make() };
    let used = 0;
    for (let start = first; start < after; start += each) if (this.#summarise(start, Math.min(after, start + each), columns, used)) used++;
    return used === length ? columns : cut(columns, used);
  }

  /** Means of what lies above `from`, and of what shares its bucket; null when nothing does. */
  mean(from: number): { readonly reconstruction: number; readonly kl: number } | null {
    let count = 0;
    let reconstruction = 0;
    let kl = 0;
    for (let i = Math.max(0, Math.floor(from / this.#width)); i < Math.ceil(this.#end / this.#width); i++) {
      count += this.#counts[i]!;
      reconstruction += this.#reconstruction[i]!;
      kl += this.#kl[i]!;
    }
    return count === 0 ? null : { reconstruction: reconstruction / count, kl: kl / count };
  }

  /** Writes the buckets from `start` to before `end` as column `to`; false when they are empty. */
  #summarise(start: number, end: number, columns: LossColumns, to: number): boolean {
    let count = 0;
    let reconstruction = 0;
    let kl = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let i = start; i < end; i++) {
      count += this.#counts[i]!;
      reconstruction += this.#reconstruction[i]!;
      kl += this.#kl[i]!;
      low = Math.min(low, this.#low[i]!);
      high = Math.max(high, this.#high[i]!);
    }
    if (count === 0) return false;
    columns.positions[to] = (start * this.#width + 1 + Math.min(this.#end, end * this.#width)) / 2;
    columns.reconstruction[to] = reconstruction / count;
    columns.kl[to] = kl / count;
    columns.low[to] = low;
    columns.high[to] = high;
    return true;
  }

  /** Joins neighbours: the first half of the buckets then holds everything. */
  #halve(): void {
    const half = this.#capacity / 2;
    for (let i = 0; i < half; i++) {
      const [a, b] = [2 * i, 2 * i + 1];
      this.#counts[i] = this.#counts[a]! + this.#counts[b]!;
      this.#reconstruction[i] = this.#reconstruction[a]! + this.#reconstruction[b]!;
      this.#kl[i] = this.#kl[a]! + this.#kl[b]!;
      this.#low[i] = Math.min(this.#low[a]!, this.#low[b]!);
      this.#high[i] = Math.max(this.#high[a]!, this.#high[b]!);
    }
    for (const sums of [this.#counts, this.#reconstruction, this.#kl]) sums.fill(0, half);
    this.#low.fill(Infinity, half);
    this.#high.fill(-Infinity, half);
    this.#width *= 2;
  }
}

function cut(columns: LossColumns, length: number): LossColumns {
  return {
    positions: columns.positions.subarray(0, length),
    reconstruction: columns.reconstruction.subarray(0, length),
    kl: columns.kl.subarray(0, length),
    low: columns.low.subarray(0, length),
    high: columns.high.subarray(0, length),
  };
}
