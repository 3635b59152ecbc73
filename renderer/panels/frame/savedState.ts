import type { RunSession } from '../../session/RunSession.svelte.js';

/** How much of a run is safe on disk: `all` at rest, else the last whole epoch, whose checkpoint is written at its end; null before the first. */
export function savedState(run: Pick<RunSession, 'state' | 'epochs'>): 'all' | number | null {
  if (run.state === 'stopped' || run.state === 'finished') return 'all';
  return run.epochs.at(-1)?.epoch ?? null;
}
