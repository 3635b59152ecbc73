import { SvelteMap } from 'svelte/reactivity';
import { commandIds, type CommandId } from '../../shared/commands.js';

interface Handler {
  readonly run: () => void;
  readonly isEnabled: () => boolean;
}

/** Who does what a command asks for. Whoever can do it says so while it is there; keys, menus and palette ask here. */
export class Commands {
  readonly #handlers = new SvelteMap<CommandId, Handler>();

  /**
   * Takes over a command and returns the removal. `isEnabled` is read reactively by menus. In a component:
   * `$effect(() => session.commands.handle('swap', () => morph.swap(), () => morph.isComplete))`.
   */
  handle(id: CommandId, run: () => void, isEnabled: () => boolean = () => true): () => void {
    const handler = { run, isEnabled };
    this.#handlers.set(id, handler);
    return () => {
      if (this.#handlers.get(id) === handler) this.#handlers.delete(id);
    };
  }

  /** Whether anybody there does it at all, be it not at this moment. */
  isHandled(id: CommandId): boolean {
    return this.#handlers.has(id);
  }

  isEnabled(id: CommandId): boolean {
    return this.#handlers.get(id)?.isEnabled() ?? false;
  }

  /** Those that can be done at present. */
  get enabled(): readonly CommandId[] {
    return commandIds.filter((id) => this.isEnabled(id));
  }

  /** Runs it; false when nobody can at present. */
  run(id: CommandId): boolean {
    const handler = this.#handlers.get(id);
    if (!handler?.isEnabled()) return false;
    handler.run();
    return true;
  }
}
