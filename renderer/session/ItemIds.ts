import { SvelteMap } from 'svelte/reactivity';
import type { StudioApi } from '../../shared/contract/studio.js';

/** Names of a project's items (paths inside the source), asked for when they are first shown. */
export class ItemIds {
  readonly #known = new SvelteMap<number, string>();
  readonly #asked = new Set<number>();

  constructor(
    private readonly studio: Pick<StudioApi, 'itemIds'>,
    private readonly project: string,
  ) {}

  /** The name, reactively: null until it is here. */
  of(item: number): string | null {
    const known = this.#known.get(item);
    if (known === undefined && !this.#asked.has(item)) void this.#fetch(item);
    return known ?? null;
  }

  async #fetch(item: number): Promise<void> {
    this.#asked.add(item);
    const answer = await this.studio.itemIds(this.project, Uint32Array.of(item));
    if (answer.ok) this.#known.set(item, answer.value[0]!);
    // An unreachable studio is asked again when the name is next shown.
    else this.#asked.delete(item);
  }
}
