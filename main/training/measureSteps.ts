import { setImmediate as eventLoop } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import type { MeasureRequest, StepsMeasured } from '../../shared/contract/trainer.js';
import { failure, type Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { createExecutor } from '../compute/createExecutor.js';
import { openDataset } from '../datasets/packedDataset.js';
import { batchesOf, batchPlan } from './batchOrder.js';
import { BatchSource } from './BatchSource.js';
import { checkRunSpec } from './checkRunSpec.js';
import { Engine } from './Engine.js';
import { failureOf } from './runFailure.js';

/** Steps that are not counted: the first ones allocate and warm the caches. */
const warmUp = 2;
/** Time spent on counted steps; at least `fewest` of them, however long they take. */
const budgetMs = 500;
const fewest = 3;

/**
 * Trains a few steps of such a run on scratch weights, and evaluates as often: nothing is written. An executor that is not there,
 * cannot run the model or fails is a failure like any other.
 */
export async function measureSteps(
  { datasetDir, spec }: MeasureRequest,
  isCancelled: () => boolean,
  executors: typeof createExecutor = createExecutor,
): Promise<Result<StepsMeasured, Failure>> {
  const owned = new DisposableStore();
  try {
    const opened = openDataset(datasetDir);
    if (!opened.ok) return opened;
    const dataset = owned.add(opened.value);
    const checked = checkRunSpec(spec, dataset.summary);
    if (!checked.ok) return checked;
    const engine = owned.add(await Engine.open(spec, { threads: availableParallelism(), encodeBatch: 1, createExecutor: executors }));
    const source = owned.add(new BatchSource(datasetDir, batchPlan(spec, 0)));
    const turn = async (work: () => Promise<unknown>): Promise<number> => {
      const began = performance.now();
      engine.load(await source.next());
      source.release();
      await work();
      await eventLoop();
      return performance.now() - began;
    };
    const stepsPerEpoch = batchesOf(dataset.training.length, spec.batch);
    const evaluations = batchesOf(dataset.heldOut.length, spec.batch);
    const batches = spec.epochs * (stepsPerEpoch + evaluations);
    const stepMs: number[] = [];
    const evaluateMs: number[] = [];
    const began = performance.now();
    for (let done = 0; done + 2 <= batches; done += 2) {
      if (isCancelled()) return err(failure('cancelled', say('runs.measurementCancelled')));
      const step = await turn(() => engine.train(spec));
      const evaluate = await turn(() => engine.evaluate());
      if (done >= 2 * warmUp || batches < 2 * (warmUp + fewest)) {
        stepMs.push(step);
        evaluateMs.push(evaluate);
      }
      if (stepMs.length >= fewest && performance.now() - began > budgetMs) break;
    }
    return ok({
      parameters: engine.parameters,
      stepsPerEpoch,
      compileMs: engine.compileMs,
      stepMs: median(stepMs),
      evaluateMs: evaluations * median(evaluateMs),
    });
  } catch (error) {
    return err(failureOf(error, spec));
  } finally {
    owned.dispose();
  }
}

/** The middle one, the upper of an even number; 0 without any. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
