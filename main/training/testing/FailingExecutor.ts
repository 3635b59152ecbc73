import type { ExecutorName } from '../../../shared/model.js';
import { createExecutor } from '../../compute/createExecutor.js';
import { ExecutorError } from '../../compute/ExecutorError.js';
import type { Executor, Program, Session } from '../../compute/program.js';

/** When the executor `tensorflow` of a test fails, and how. */
export interface Fault {
  /** Begins the name of the program whose run fails: `train`, `evaluate`, `encode`. */
  readonly program: string;
  /** Runs of that program that succeed before. */
  readonly after: number;
  readonly kind: ExecutorError['kind'];
  /** Whether its state can still be read afterwards. */
  readonly keepsState: boolean;
}

/**
 * The executors of a run: `tensorflow` computes what onnx does, until its fault. Every other is what it is.
 *
 * @param fault null for an executor that never fails
 */
export function failingExecutors(fault: Fault | null): typeof createExecutor {
  return (name, options) => (name === 'tensorflow' ? new FailingExecutor(createExecutor('onnx', options), fault) : createExecutor(name, options));
}

class FailingExecutor implements Executor {
  readonly name: ExecutorName = 'tensorflow';

  constructor(
    private readonly real: Executor,
    private readonly fault: Fault | null,
  ) {}

  async open(variables: Parameters<Executor['open']>[0]): Promise<Session> {
    const session = await this.real.open(variables);
    const { fault } = this;
    let runs = 0;
    let hasFailed = false;
    const failing = (program: Program): Program => ({
      ...program,
      run: (feeds) => {
        if (fault && program.name.startsWith(fault.program) && runs++ === fault.after) {
          hasFailed = true;
          return Promise.reject(new ExecutorError(fault.kind, 'Internal: a cable came loose\n\t[[node 17]]'));
        }
        return program.run(feeds);
      },
      dispose: () => program.dispose(),
    });
    return {
      compile: async (definition) => failing(await session.compile(definition)),
      read: (names) => {
        if (hasFailed && !fault?.keepsState) throw new ExecutorError('failed', 'The device is gone');
        return session.read(names);
      },
      write: (values) => session.write(values),
      dispose: () => session.dispose(),
    };
  }
}
