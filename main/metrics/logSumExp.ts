/** log of the sum of e^value, without leaving the range of doubles; -Infinity for none. Averaging after exponentiating would underflow. */
export function logSumExp(values: Float64Array): number {
  let largest = -Infinity;
  for (const value of values) if (value > largest) largest = value;
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
