import type { ExecutorName } from '../shared/model.js';
import type { Digits } from './mnist.js';

/** One number that was published, or that mathematics gives, beside ours. */
export interface Check {
  readonly quantity: string;
  readonly published: number;
  readonly measured: number;
  /** How far below and above `published` it may be. */
  readonly below: number;
  readonly above: number;
}

/** A setting whose result is known. */
export interface Anchor {
  /** What it is picked by. */
  readonly name: string;
  readonly setting: string;
  /** Whether something is trained, so that it is measured on every executor. */
  readonly trains: boolean;
  /** @param tell what is going on, for whoever waits */
  measure(mnist: { readonly training: Digits; readonly test: Digits }, executor: ExecutorName, tell: (progress: string) => void): Promise<readonly Check[]>;
}

export function isMet({ published, measured, below, above }: Check): boolean {
  return measured >= published - below && measured <= published + above;
}

/** Equally far to both sides. */
export function within(quantity: string, published: number, measured: number, tolerance: number): Check {
  return { quantity, published, measured, below: tolerance, above: tolerance };
}
