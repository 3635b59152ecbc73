import os from 'node:os';

/** Lets a process yield to others. Threads inherit it, so that it is to be set before the process has started any of its own. */
export function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended already, or the system does not allow it: nothing is lost but calm.
  }
}
