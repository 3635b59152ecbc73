import type { Shape, Trained, Update } from '../graph.js';
import { sizeOf } from '../graph.js';
import { slotsOf } from '../state.js';

/** Parameters that the optimizer updates together, with the names of the state tensors (or packs of them) that it works on. */
export interface ParameterGroup {
  readonly trained: readonly Trained[];
  /** That of the one parameter, or of the pack. */
  readonly shape: Shape;
  readonly weights: string;
  /** What the optimizer keeps for it, in the order of `slotsOf`. */
  readonly slots: readonly string[];
}

/** Where the state of a session lies: it may be able to make one tensor of several. */
export interface Packing {
  /** @returns the name of a vector that the tensors `names` become views of, in this order; undefined when they cannot */
  pack(names: readonly string[]): string | undefined;
}

/**
 * Parameters of fewer elements are cheaper to concatenate than to update one by one: an update is a dozen operators, and each
 * costs some microseconds however little it does.
 */
const smallParameter = 65_536;

/** Packs the small parameters of an update, whose state tensors must exist. */
export function groupParameters({ optimizer, trained }: Update, state: Packing): ParameterGroup[] {
  const slots = slotsOf(optimizer);
  const groupOf = (each: Trained): ParameterGroup => ({
    trained: [each],
    shape: each.gradient.shape,
    weights: each.name,
    slots: slots.map((slot) => slot(each.name)),
  });
  const isSmall = ({ gradient }: Trained) => sizeOf(gradient.shape) < smallParameter;
  const small = trained.filter(isSmall);
  const pack = small.length > 1 ? packOf(small, slots, state) : undefined;
  if (!pack) return trained.map(groupOf);
  return [...trained.filter((each) => !isSmall(each)).map(groupOf), pack];
}

function packOf(
  trained: readonly Trained[],
  slots: ReturnType<typeof slotsOf>,
  state: Packing,
): ParameterGroup | undefined {
  const names = trained.map(({ name }) => name);
  const [weights, ...slotPacks] = [names, ...slots.map((slot) => names.map(slot))].map((each) => state.pack(each));
  if (weights === undefined || !slotPacks.every((pack) => pack !== undefined)) return undefined;
  const size = trained.reduce((sum, { gradient }) => sum + sizeOf(gradient.shape), 0);
  return { trained, shape: [size], weights, slots: slotPacks };
}
