import { sameShape, sizeOf } from './graph.js';
import type { Shape } from './graph.js';
import type { StateTensor } from './program.js';

/** Names of the state tensors of a session besides the variables themselves, see `StateValues`. */
export const beta1Power = 'optimizer/beta1Power';
export const beta2Power = 'optimizer/beta2Power';
export const firstMoment = (variable: string) => `${variable}/m`;
export const secondMoment = (variable: string) => `${variable}/v`;

/** @throws when `value` does not have the shape that the state tensor has */
export function checkStateShape(name: string, expected: Shape, { shape, values }: StateTensor): void {
  if (sameShape(expected, shape) && values.length === sizeOf(shape)) return;
  throw new Error(
    `State '${name}' has the shape [${expected.join()}], not [${shape.join()}] with ${String(values.length)} values`,
  );
}
