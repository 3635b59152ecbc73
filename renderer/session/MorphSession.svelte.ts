import type { Morph, PathKind } from '../../shared/contract/studio.js';

/** The morph bench: two items, the path between them, and where the slider stands. */
export class MorphSession {
  #a = $state.raw<number | null>(null);
  #b = $state.raw<number | null>(null);
  #path = $state<PathKind>('lerp');
  #t = $state(0);
  #morph = $state.raw<Morph | null>(null);

  get a(): number | null {
    return this.#a;
  }
  get b(): number | null {
    return this.#b;
  }
  get path(): PathKind {
    return this.#path;
  }
  /** 0 at A, 1 at B. */
  get t(): number {
    return this.#t;
  }
  /** The film strip with its latents and support; null until both ends are there. Its latents are drawn as the path in the cloud. */
  get morph(): Morph | null {
    return this.#morph;
  }

  setA(item: number | null): void {
    this.#a = item;
  }
  setB(item: number | null): void {
    this.#b = item;
  }
  setPath(path: PathKind): void {
    this.#path = path;
  }
  scrub(t: number): void {
    this.#t = Math.min(1, Math.max(0, t));
  }
}
