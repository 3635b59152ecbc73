import { assertNever } from '../../shared/result.js';
import { sameShape, sizeOf } from './graph.js';
import type { Shape } from './graph.js';
import type { OptimizerSpec, StateTensor, StateValues } from './program.js';

/** Names of the state tensors of a session besides the variables themselves, see `StateValues`. */
export const beta1Power = 'optimizer/beta1Power';
export const beta2Power = 'optimizer/beta2Power';
export const firstMoment = (variable: string) => `${variable}/m`;
export const secondMoment = (variable: string) => `${variable}/v`;
export const meanSquare = (variable: string) => `${variable}/rms`;
export const momentum = (variable: string) => `${variable}/momentum`;

/** The tensors that an optimizer keeps for each variable: functions from its name to theirs. They have its shape and start at zero. */
export function slotsOf(optimizer: OptimizerSpec): readonly ((variable: string) => string)[] {
  switch (optimizer.kind) {
    case 'adam':
      return [firstMoment, secondMoment];
    case 'sgd':
      return optimizer.momentum === 0 ? [] : [momentum];
    case 'rmsprop':
      return optimizer.momentum === 0 ? [meanSquare] : [meanSquare, momentum];
    default:
      return assertNever(optimizer);
  }
}

/** All that an optimizer keeps before its first step. @param variables the trained ones with their shapes */
export function initialOptimizerState(optimizer: OptimizerSpec, variables: ReadonlyMap<string, Shape>): StateValues {
  const state = new Map<string, StateTensor>();
  const slots = slotsOf(optimizer);
  for (const [variable, shape] of variables) {
    for (const slot of slots) state.set(slot(variable), { shape, values: new Float32Array(sizeOf(shape)) });
  }
  if (optimizer.kind === 'adam') {
    state.set(beta1Power, { shape: [], values: Float32Array.of(optimizer.beta1) });
    state.set(beta2Power, { shape: [], values: Float32Array.of(optimizer.beta2) });
  }
  return state;
}

/** @throws when `value` does not have the shape that the state tensor has */
export function checkStateShape(name: string, expected: Shape, { shape, values }: StateTensor): void {
  if (sameShape(expected, shape) && values.length === sizeOf(shape)) return;
  throw new Error(
    `State '${name}' has the shape [${expected.join()}], not [${shape.join()}] with ${String(values.length)} values`,
  );
}
