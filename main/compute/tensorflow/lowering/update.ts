import type { Graph, Update } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import { after, type } from '../TensorFlowGraph.js';
import type { UpdateContext } from './optimizers.js';
import { lowerOptimizer } from './optimizers.js';

/**
 * The declared part of a train step, and what the body assigns. Whether the step counts is decided in the graph: a Switch lets only one
 * of two branches live, and every change of state hangs on the one for a gradient that is finite. Nothing is computed for that.
 *
 * @returns the norm of the gradient as it is before clipping; who fetches it runs the step
 */
export function lowerUpdate(update: Update, assignments: Graph['assignments'], lowering: Lowering): string {
  const { tf } = lowering;
  const gradients = update.trained.map(({ gradient }) => lowering.value(gradient));
  const halves = gradients.map((gradient) => tf.float('L2Loss', gradient)); // sum of squares / 2
  const half = halves.length === 1 ? halves[0]! : tf.node('AddN', halves, { T: type('float32'), N: halves.length });
  const norm = tf.float('Sqrt', tf.float('Mul', half, tf.scalar(2)));

  const fork = tf.float('Switch', norm, tf.float('IsFinite', norm));
  const counts = tf.float('Identity', `${fork}:1`);
  const changes: string[] = [];
  const change: UpdateContext['change'] = (op, states, inputs, attributes) => {
    changes.push(lowering.change(op, states, inputs, attributes, [counts]));
  };

  const scale = update.clipNorm && tf.float('Minimum', tf.scalar(1), tf.float('RealDiv', lowering.value(update.clipNorm), norm));
  const lowerVariable = lowerOptimizer(update.optimizer, { lowering, rate: lowering.value(update.rate), change });
  update.trained.forEach(({ name }, i) => {
    const gradient = gradients[i]!;
    lowerVariable(name, scale === undefined ? gradient : tf.float('Mul', gradient, scale));
  });
  for (const [name, node] of assignments) change('AssignVariableOp', [name], [lowering.value(node)], { dtype: type('float32') });

  const changed = tf.node('Identity', [counts, ...changes.map(after)], { T: type('float32') });
  return tf.node('Merge', [fork, changed], { T: type('float32'), N: 2 });
}

/** What the body of a program without an optimizer assigns. @returns a value to fetch, so that it happens */
export function lowerAssignments(assignments: Graph['assignments'], lowering: Lowering): string {
  const changes = [...assignments].map(([name, node]) =>
    lowering.change('AssignVariableOp', [name], [lowering.value(node)], { dtype: type('float32') }, []),
  );
  return lowering.tf.node('Identity', [lowering.tf.scalar(0), ...changes.map(after)], { T: type('float32') });
}
