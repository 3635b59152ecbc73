/** A kernel as a function of the squared distance. */
export type Kernel = (squared: number) => number;

/** e^(-squared / (2 width^2)). */
export function gaussianKernel(width: number): Kernel {
  return (squared) => Math.exp(-squared / (2 * width * width));
}

/** Scales of the kernel below, as in pythae and in the reference code of Wasserstein autoencoders (Tolstikhin et al. 2018). */
const scales = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/**
 * Inverse multiquadratics C / (C + squared) added up over scales of C = 2 latent, which is the mean squared distance of two samples of
 * the prior: heavy tails, so that samples far from it still count.
 */
export function multiquadraticKernel(latent: number): Kernel {
  const widths = scales.map((scale) => scale * 2 * latent);
  return (squared) => {
    let sum = 0;
    for (const width of widths) sum += width / (width + squared);
    return sum;
  };
}

/**
 * The unbiased estimate of the squared maximum mean discrepancy of two sets of samples (Gretton et al. 2012, lemma 6): the mean of the
 * kernel over pairs within each set, a sample never with itself, less twice that over pairs across. No unit; may be slightly negative.
 *
 * @param a rows x latent, at least two rows
 * @param b the same of the other set
 */
export function squaredDiscrepancy(a: Float32Array, b: Float32Array, latent: number, kernel: Kernel): number {
  return within(a, latent, kernel) + within(b, latent, kernel) - 2 * across(a, b, latent, kernel);
}

function within(rows: Float32Array, latent: number, kernel: Kernel): number {
  const count = rows.length / latent;
  let sum = 0;
  for (let i = 1; i < count; i++) for (let j = 0; j < i; j++) sum += kernel(squaredDistance(rows, i, rows, j, latent));
  return (2 * sum) / (count * (count - 1));
}

function across(a: Float32Array, b: Float32Array, latent: number, kernel: Kernel): number {
  const [rows, others] = [a.length / latent, b.length / latent];
  let sum = 0;
  for (let i = 0; i < rows; i++) for (let j = 0; j < others; j++) sum += kernel(squaredDistance(a, i, b, j, latent));
  return sum / (rows * others);
}

/** Between row i of `a` and row j of `b`. */
export function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, columns: number): number {
  let sum = 0;
  for (let from = i * columns, to = j * columns, end = from + columns; from < end; from++, to++) {
    const difference = a[from]! - b[to]!;
    sum += difference * difference;
  }
  return sum;
}
