import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';

/**
 * Asks one thing at a time, and of what is asked meanwhile only the newest: for a slider that moves faster than answers come. Answers
 * come in the order of the requests, and the last request is always answered, unless `drop` takes it back.
 */
export class LatestRequest<Input, Answer> {
  /** Counts up with `drop`: an answer to an earlier one is nobody's. */
  #generation = 0;
  #waiting: { readonly input: Input } | null = null;
  #busy = false;

  constructor(
    private readonly ask: (input: Input) => Promise<Result<Answer, Failure>>,
    private readonly onAnswer: (answer: Result<Answer, Failure>, input: Input) => void,
  ) {}

  request(input: Input): void {
    this.#waiting = { input };
    if (!this.#busy) void this.#pump();
  }

  /** Nobody waits any more for what was asked until now. */
  drop(): void {
    this.#waiting = null;
    this.#generation++;
  }

  async #pump(): Promise<void> {
    const next = this.#waiting;
    if (!next) return;
    this.#waiting = null;
    this.#busy = true;
    const generation = this.#generation;
    try {
      const answer = await this.ask(next.input);
      if (generation === this.#generation) this.onAnswer(answer, next.input);
    } finally {
      this.#busy = false;
      // Not awaited: a bug that rejects this request is not that of the next one.
      void this.#pump();
    }
  }
}
