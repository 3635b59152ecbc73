/** What the encoder says of some images. */
export interface Posterior {
  readonly latent: number;
  /** count x latent. */
  readonly means: Float32Array;
  /** count x latent, natural logarithms of the variances. */
  readonly logVariances: Float32Array;
}

export function countOf({ means, latent }: Posterior): number {
  return means.length / latent;
}

/** The posteriors of some of the images. */
export function posteriorOf(posterior: Posterior, rows: Uint32Array): Posterior {
  const { latent, means, logVariances } = posterior;
  return { latent, means: rowsOf(means, latent, rows), logVariances: rowsOf(logVariances, latent, rows) };
}

/** Some rows of a matrix with so many columns. */
export function rowsOf(values: Float32Array, columns: number, rows: Uint32Array): Float32Array {
  const some = new Float32Array(rows.length * columns);
  for (const [to, from] of rows.entries()) some.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  return some;
}

/** A latent of each posterior: mean + e^(logVariance / 2) noise, never mean + deviation and never the mean alone. */
export function drawLatents({ means, logVariances }: Posterior, noise: Float32Array): Float32Array {
  return means.map((mean, i) => mean + Math.exp(0.5 * logVariances[i]!) * noise[i]!);
}
