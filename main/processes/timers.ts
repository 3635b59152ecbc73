import type { Schedule } from '../../shared/contract/MetricsChannel.js';

/** `Schedule` by the timers of Node. */
export const schedule: Schedule = (action, ms) => {
  const timer = setTimeout(action, ms);
  return { dispose: () => clearTimeout(timer) };
};

/** Settles as `work` does, or rejects with `message` after so many milliseconds. */
export async function withDeadline<T>(work: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
