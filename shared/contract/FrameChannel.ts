/**
 * Sends frames to a consumer at the consumer's pace: one is in flight, and when its number comes back the latest of those
 * offered meanwhile follows; the others are never sent. Message ports and sockets push back on nobody: without this, a slow
 * window would be shown the past.
 */
export class FrameChannel<Frame> {
  readonly #send: (sequence: number, frame: Frame) => void;
  #sequence = 0;
  #inFlight = false;
  #waiting: { readonly frame: Frame } | null = null;

  readonly #merge: (waiting: Frame, newer: Frame) => Frame;

  /**
   * @param send puts a frame on its way under a number from 1 that counts up
   * @param merge what is left of two frames that wait; the newer one unless given
   */
  constructor(send: (sequence: number, frame: Frame) => void, merge: (waiting: Frame, newer: Frame) => Frame = (_, newer) => newer) {
    this.#send = send;
    this.#merge = merge;
  }

  /** The newest frame: sent at once when nothing is in flight, else when its turn comes unless a newer one replaces it. */
  offer(frame: Frame): void {
    if (this.#inFlight) {
      this.#waiting = { frame: this.#waiting ? this.#merge(this.#waiting.frame, frame) : frame };
      return;
    }
    this.#inFlight = true;
    this.#send(++this.#sequence, frame);
  }

  /** The consumer is done with the frame of that number. A number other than the one in flight says nothing new. */
  acknowledge(sequence: number): void {
    if (!this.#inFlight || sequence !== this.#sequence) return;
    this.#inFlight = false;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) this.offer(waiting.frame);
  }
}
