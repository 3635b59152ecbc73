import type { Gateway } from '../gateway/Gateway.js';
import { Commands } from './Commands.svelte.js';
import { Notices } from './Notices.svelte.js';
import { Preferences } from './Preferences.svelte.js';
import type { ProjectSession } from './ProjectSession.svelte.js';
import { Texts } from './Texts.svelte.js';

/** What the window shows. */
export type Stage = 'empty' | 'importing' | 'preflight' | 'studio';

/** All that the window knows and does. Made once, handed to every panel by context. */
export class Session {
  readonly preferences = new Preferences();
  readonly texts = new Texts(this.preferences);
  readonly commands = new Commands();
  readonly notices = new Notices();
  #project = $state.raw<ProjectSession | null>(null);

  constructor(readonly gateway: Gateway) {}

  get project(): ProjectSession | null {
    return this.#project;
  }

  get stage(): Stage {
    if (!this.#project) return 'empty';
    return this.#project.run ? 'studio' : 'preflight';
  }

  /** Takes up what is going on in the studio and what was looked at before a reload. */
  async begin(): Promise<void> {
    await this.gateway.studio.status();
  }
}
