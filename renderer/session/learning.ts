const key = 'morphoscope.learning';

/** Whether the lesson was looked at before a reload: kept by the browser for this tab alone, as `place` is. */
export function readLearning(): boolean {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function writeLearning(isLearning: boolean): void {
  // Without the store a reload leads to what was shown before the lesson; that goes on where it was.
  try {
    if (isLearning) sessionStorage.setItem(key, '');
    else sessionStorage.removeItem(key);
  } catch { /* see above */ }
}
