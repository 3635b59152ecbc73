/** Something that owns a resource. `dispose` may be called more than once; only the first call counts. */
export interface Disposable {
  dispose(): void;
}

/** Disposes what was added to it, in reverse order of creation, exactly once. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Takes ownership; whoever creates a resource adds it on the same line. */
  add<T extends Disposable>(resource: T): T {
    if (this.#disposed) {
      resource.dispose();
      return resource;
    }
    this.#owned.push(resource);
    return resource;
  }

  /** Takes ownership of an action to run at the end. */
  defer(action: () => void): void {
    this.add({ dispose: action });
  }

  dispose(): void {
    this.#disposed = true;
    for (let next = this.#owned.pop(); next; next = this.#owned.pop()) next.dispose();
  }
}
