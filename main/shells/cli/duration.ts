/** A span of time in the two largest units that say something: "4 s", "1 min 9 s", "2 h 5 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** ", 1 min 9 s left" from what is done of a total since it began; empty while nothing can be said. */
export function timeLeft(done: number, total: number, elapsedMs: number): string {
  if (done <= 0 || total <= 0 || elapsedMs < 500) return '';
  return `, ${duration((elapsedMs * Math.max(0, total - done)) / done)} left`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
