/** Time of the fake studio: the machine's, gone through faster or slower. */
export class Clock {
  /** @param pace seconds that pass here in one of the machine's */
  constructor(readonly pace: number) {}

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.pace));
  }

  /** Repeats an action until the returned function is called. */
  every(ms: number, action: () => void): () => void {
    const timer = setInterval(action, ms / this.pace);
    return () => clearInterval(timer);
  }
}
