import type { MeasuringProgress } from '../../../shared/measuring.js';

/** A person sees no more than so many changes a second. */
const pauseMs = 100;

/** Tells how far a measurement has come, the first of each phase and after that at most ten times a second. */
export class Progress {
  #phase = '';
  #told = -Infinity;

  constructor(private readonly tell: (progress: MeasuringProgress) => void) {}

  report(phase: MeasuringProgress['phase'], done: number, total: number): void {
    const now = performance.now();
    if (phase === this.#phase && now - this.#told < pauseMs) return;
    this.#phase = phase;
    this.#told = now;
    this.tell({ phase, done, total });
  }
}
