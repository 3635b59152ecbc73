import type { ExecutorName } from '../../shared/model.js';
import type { LiveChange } from '../../shared/project.js';

/** Beta, rate and executor of a run over its steps: the values in force and every change with the first step that it applies to. */
export class LiveChanges {
  #beta: number;
  #rate: number;
  #all: readonly LiveChange[];

  /**
   * @param all changes of the run so far, by step. Those that lie ahead of a checkpoint from which a run is taken up again
   *   (it ended without one) come into force at their step once more.
   */
  constructor(beta: number, rate: number, all: readonly LiveChange[]) {
    this.#beta = beta;
    this.#rate = rate;
    this.#all = all;
  }

  get beta(): number {
    return this.#beta;
  }

  get rate(): number {
    return this.#rate;
  }

  /** By step, as they stand in run.json. */
  get all(): readonly LiveChange[] {
    return this.#all;
  }

  /** Brings into force what was changed for `step`; called before each step. */
  begin(step: number): void {
    for (const change of this.#all) if (change.step === step) this.#apply(change);
  }

  /** Changes a value from `step` on. What had been changed for later steps is forgotten. */
  change(step: number, values: { readonly beta: number } | { readonly rate: number }): void {
    const same = this.#all.find((change) => change.step === step);
    this.#all = [...this.#all.filter((change) => change.step < step), { ...same, step, ...values }];
    this.#apply(values);
  }

  /** Another executor runs the steps from `step` on. What else was changed for later steps still comes; a later executor does not. */
  changeExecutor(step: number, executor: ExecutorName): void {
    const others = this.#all.filter((change) => change.step !== step).map((change) => (change.step < step ? change : withoutExecutor(change)));
    const same = this.#all.find((change) => change.step === step);
    const all = [...others.filter((change) => Object.keys(change).length > 1), { ...same, step, executor }];
    this.#all = all.sort((a, b) => a.step - b.step);
  }

  #apply({ beta, rate }: { readonly beta?: number; readonly rate?: number }): void {
    this.#beta = beta ?? this.#beta;
    this.#rate = rate ?? this.#rate;
  }
}

function withoutExecutor({ step, beta, rate }: LiveChange): LiveChange {
  return { step, ...(beta === undefined ? {} : { beta }), ...(rate === undefined ? {} : { rate }) };
}
