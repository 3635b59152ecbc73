import { isOnGpu } from '../session/executors.js';
import type { RunSession } from '../session/RunSession.svelte.js';
import type { Session } from '../session/Session.svelte.js';

/** What runs the steps of a run, and on what. */
export function executorText({ texts: { m, f }, native }: Session, { executor, file }: RunSession): string {
  const name = m.native.executors[executor];
  return isOnGpu(executor, native.status) ? m.frame.executorOnGpu(name) : m.frame.executor(f, name, file.threads);
}
