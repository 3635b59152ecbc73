/** What was looked at, for a reload: kept by the browser for this tab alone. */
export interface Place {
  /** Folder of the project. */
  readonly project: string;
  /** Folder of the run; null at the preflight. */
  readonly run: string | null;
}

const key = 'morphoscope.place';

export function readPlace(): Place | null {
  try {
    const raw = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Record<keyof Place, unknown>> | null;
    if (typeof raw?.project !== 'string') return null;
    return { project: raw.project, run: typeof raw.run === 'string' ? raw.run : null };
  } catch {
    return null;
  }
}

export function writePlace(place: Place | null): void {
  // Without the store a reload begins at the first screen; nothing else is lost.
  try {
    if (place) sessionStorage.setItem(key, JSON.stringify(place));
    else sessionStorage.removeItem(key);
  } catch { /* see above */ }
}
