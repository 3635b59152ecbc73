import { expect, test } from 'vitest';
import { nodesOf } from '../../compute/graph.js';
import { optimize } from '../../compute/passes/optimize.js';
import { trace } from '../../compute/tracing/trace.js';
import { buildModel } from '../../models/buildModel.js';
import { trainProgram } from '../programs.js';
import { tinySpec } from '../testing/runs.js';
import { losses, teachProgram } from './LessonPartModel.js';

test.each(Object.entries(losses))('%s: the log-variances cost nothing, they are there anyway', (_, loss) => {
  const spec = { ...tinySpec, ...loss };
  const model = buildModel(spec, spec.seed);
  try {
    const [train, teach] = [trainProgram, teachProgram].map((program) => optimize(trace(program(model, spec.batch, spec), model.variables)));
    expect(nodesOf(teach!).length).toBe(nodesOf(train!).length);
    expect([...teach!.outputs.keys()].toSorted()).toEqual([...train!.outputs.keys(), 'logVariances'].toSorted());
  } finally {
    model.dispose();
  }
});
