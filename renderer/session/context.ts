import { getContext, setContext } from 'svelte';
import type { Session } from './Session.svelte.js';

const key = Symbol('session');

export function provideSession(session: Session): void {
  setContext(key, session);
}

/** The session of the window; to be called while a component is being made. */
export function useSession(): Session {
  return getContext<Session>(key);
}
