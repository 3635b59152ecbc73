import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { engine, tidy, variableGrads } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core leaves out of its build for Node
import { withBackend } from '../backendScope.js';
import { Builder } from '../Builder.js';
import { CompileError } from '../CompileError.js';
import type { Graph, Node, Trained, Update } from '../graph.js';
import { bodyLocation, captureOrigin, withDeepStacks } from '../origin.js';
import type { ProgramDefinition, UpdateSpec } from '../program.js';
import './kernels/all.js';
import { TraceError, backendName, traceBackend } from './TraceBackend.js';

/**
 * Runs the body once on symbols and returns what it would compute. tfjs differentiates the loss; nothing is computed. The
 * engine and the variables are afterwards as they were, also when the body throws.
 *
 * @throws CompileError for a kernel without a translation, a value read in the body, random numbers made in the body, an
 * unregistered variable, or a trained variable that the loss does not depend on
 */
export function trace(definition: ProgramDefinition, variables: ReadonlyMap<string, Variable>): Graph {
  const kept = [...variables.values()].map((variable) => ({ variable, value: variable.clone() }));
  try {
    return withDeepStacks(() => withBackend(backendName, () => traceOnSymbols(definition, variables)));
  } catch (error) {
    throw asCompileError(definition.name, error);
  } finally {
    for (const { variable, value } of kept) {
      variable.assign(value);
      value.dispose();
    }
  }
}

function traceOnSymbols(definition: ProgramDefinition, variables: ReadonlyMap<string, Variable>): Graph {
  let graph: Graph | undefined;
  traceBackend.readError = undefined;
  traceBackend.tracing = true;
  try {
    tidy(() => {
      graph = traceBody(definition, variables);
    });
  } finally {
    traceBackend.tracing = false;
  }
  if (traceBackend.readError) throw traceBackend.readError as TraceError;
  return graph!;
}

function traceBody(definition: ProgramDefinition, variables: ReadonlyMap<string, Variable>): Graph {
  const build = new Builder(captureOrigin('input'));
  const inputNodes = new Map<string, Node>();
  const inputs: Record<string, Tensor> = {};
  for (const [name, spec] of Object.entries(definition.inputs)) {
    const node = build.node({ kind: 'input', name }, [], spec.shape, spec.dtype);
    inputNodes.set(name, node);
    inputs[name] = symbol(spec.dtype === 'uint8' ? build.cast(node, 'float32') : node);
  }
  const variableNodes = new Map<string, Node>();
  for (const [name, variable] of variables) {
    const node = build.node({ kind: 'variable', name }, [], variable.shape);
    variableNodes.set(name, node);
    variable.assign(symbol(node));
  }

  const outputs = new Map<string, Node>();
  const runBody = () => {
    const tensors = definition.body(inputs);
    for (const [name, tensor] of Object.entries(tensors)) {
      if (definition.update && (name === 'gradientNorm' || name === 'applied'))
        throw new TraceError(`The output '${name}' of a train step is the executor's own`);
      outputs.set(name, build.cast(traceBackend.nodeOf(tensor), 'float32'));
    }
    return tensors;
  };
  const { update } = definition;
  const trained = update && traceGradients(update, variables, runBody);
  if (!update) runBody();

  const assignments = new Map<string, Node>();
  for (const [name, variable] of variables) {
    const node = traceBackend.nodeOf(variable);
    if (node === variableNodes.get(name)) continue;
    if (update?.variables.includes(name))
      throw new TraceError(`The body assigns to the variable '${name}', which the optimizer changes too`);
    assignments.set(name, node);
  }
  return {
    name: definition.name,
    inputs: definition.inputs,
    outputs,
    assignments,
    ...(update && trained && { update: declared(update, trained, inputNodes) }),
  };
}

function traceGradients(
  update: UpdateSpec,
  variables: ReadonlyMap<string, Variable>,
  runBody: () => Record<string, Tensor>,
): Trained[] {
  const targets = update.variables.map((name) => {
    const variable = variables.get(name);
    if (!variable) throw new TraceError(`The variable '${name}' is to be trained but the session does not hold it`);
    return variable;
  });
  const { grads } = variableGrads(() => {
    const loss = runBody()[update.loss];
    if (!loss) throw new TraceError(`The body returns no '${update.loss}', which is to be minimised`);
    if (loss.rank !== 0)
      throw new TraceError(`The loss '${update.loss}' must be a scalar, and has the shape [${loss.shape.join()}]`);
    return loss as Scalar;
  }, targets);
  return update.variables.map((name, i) => {
    const gradient = grads[targets[i]!.name];
    if (!gradient) throw new TraceError(`The loss '${update.loss}' does not depend on the trained variable '${name}'`);
    return { name, gradient: traceBackend.nodeOf(gradient) };
  });
}

function declared({ optimizer, rate, clipNorm }: UpdateSpec, trained: Trained[], inputs: ReadonlyMap<string, Node>): Update {
  const scalar = (quantity: string, name: string): Node => {
    const node = inputs.get(name);
    if (node?.dtype === 'float32' && node.shape.length === 0) return node;
    throw new TraceError(`The ${quantity} must be a scalar float32 input, and '${name}' is none`);
  };
  return {
    optimizer,
    rate: scalar('learning rate', rate),
    ...(clipNorm !== undefined && { clipNorm: scalar('norm to clip to', clipNorm) }),
    trained,
  };
}

function symbol(node: Node): Tensor {
  return engine().makeTensorFromTensorInfo(traceBackend.tensorOf(node));
}

/** Faults of the body become compile errors with the line of the body; anything else is a bug and passes unchanged. */
function asCompileError(program: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const location = bodyLocation(error.stack);
  if (error instanceof TraceError) return new CompileError(program, error.reason, error.kernel, location);
  const missing = /^Kernel '(\w+)' not registered for backend/.exec(error.message);
  if (error.message.startsWith('Cannot find a connection'))
    return new CompileError(program, 'The loss depends on none of the trained variables');
  if (missing) return new CompileError(program, `The kernel ${missing[1]!} is not supported`, missing[1], location);
  return error;
}
