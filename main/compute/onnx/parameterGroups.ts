import type { Shape, Trained, Update } from '../graph.js';
import { sizeOf } from '../graph.js';
import { firstMoment, secondMoment } from '../state.js';
import type { OnnxState } from './OnnxState.js';

/** Parameters that the optimizer updates together, with the names of the state tensors (or packs of them) that it works on. */
export interface ParameterGroup {
  readonly trained: readonly Trained[];
  /** That of the one parameter, or of the pack. */
  readonly shape: Shape;
  readonly weights: string;
  readonly firstMoment: string;
  readonly secondMoment: string;
}

/**
 * Parameters of fewer elements are cheaper to concatenate than to update one by one: an update is a dozen operators, and each
 * costs some microseconds however little it does.
 */
const smallParameter = 65_536;

/** Packs the small parameters of an update, whose state tensors must exist. */
export function groupParameters(update: Update, state: OnnxState): ParameterGroup[] {
  const isSmall = ({ gradient }: Trained) => sizeOf(gradient.shape) < smallParameter;
  const small = update.trained.filter(isSmall);
  const pack = small.length > 1 ? packOf(small, state) : undefined;
  if (!pack) return update.trained.map(groupOf);
  return [...update.trained.filter((each) => !isSmall(each)).map(groupOf), pack];
}

function groupOf(trained: Trained): ParameterGroup {
  const { name, gradient } = trained;
  return {
    trained: [trained],
    shape: gradient.shape,
    weights: name,
    firstMoment: firstMoment(name),
    secondMoment: secondMoment(name),
  };
}

function packOf(trained: readonly Trained[], state: OnnxState): ParameterGroup | undefined {
  const names = trained.map(({ name }) => name);
  const [weights, first, second] = [state.pack(names), state.pack(names.map(firstMoment)), state.pack(names.map(secondMoment))];
  if (weights === undefined || first === undefined || second === undefined) return undefined;
  const size = trained.reduce((sum, { gradient }) => sum + sizeOf(gradient.shape), 0);
  return { trained, shape: [size], weights, firstMoment: first, secondMoment: second };
}
