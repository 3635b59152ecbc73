import { backend, getBackend, setBackend } from '@tensorflow/tfjs-core';

/** Runs `action` with another tfjs backend and goes back to the present one, whatever happens. */
export function withBackend<T>(name: string, action: () => T): T {
  backend(); // makes tfjs choose one, if nobody has
  const previous = getBackend();
  switchTo(name);
  try {
    return action();
  } finally {
    switchTo(previous);
  }
}

/** `setBackend` completes before it returns as long as the backend is made without a promise, which ours and cpu are. */
function switchTo(name: string): void {
  void setBackend(name);
}
