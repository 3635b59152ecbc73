/** One thing that a person did, both ways. */
export interface Deed {
  undo(): void;
  redo(): void;
}

/** Deeds that are kept: far more than anyone goes back. */
const most = 200;

/** What a person did in a run and can take back: ends of the morph, its path, edited latents. Doing something new forgets what was taken back. */
export class History {
  #done = $state.raw<readonly Deed[]>([]);
  #undone = $state.raw<readonly Deed[]>([]);

  get canUndo(): boolean {
    return this.#done.length > 0;
  }
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Keeps a deed that has been done already. */
  record(deed: Deed): void {
    this.#done = [...this.#done.slice(1 - most), deed];
    this.#undone = [];
  }

  undo(): void {
    const deed = this.#done.at(-1);
    if (!deed) return;
    this.#done = this.#done.slice(0, -1);
    this.#undone = [...this.#undone, deed];
    deed.undo();
  }

  redo(): void {
    const deed = this.#undone.at(-1);
    if (!deed) return;
    this.#undone = this.#undone.slice(0, -1);
    this.#done = [...this.#done, deed];
    deed.redo();
  }
}
