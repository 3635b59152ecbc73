/** Singular value decomposition of an n x n matrix: `matrix` = U diag(values) V^T. */
export interface Svd {
  /** Not negative, descending. */
  readonly values: Float64Array;
  /** n x n row-major, orthogonal; column j belongs to value j. */
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/**
 * One-sided Jacobi (Hestenes 1958; Golub & Van Loan, Matrix Computations, 4th edition, section 8.6.3): rotates pairs of columns of A V
 * until all are orthogonal. Accurate to the last digits and quick for the sizes of latents (n up to 64). For a symmetric positive
 * semidefinite matrix the columns of V are its eigenvectors and the values its eigenvalues.
 */
export function svd(matrix: Float64Array, n: number): Svd {
  const w = matrix.slice();
  const v = identity(n);
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) if (rotateColumns(w, v, n, p, q)) rotated = true;
  }
  const norms = Array.from({ length: n }, (_, j) => Math.sqrt(columnDot(w, n, j, j)));
  const order = norms.map((_, j) => j).sort((a, b) => norms[b]! - norms[a]!);
  const values = Float64Array.from(order, (j) => norms[j]!);
  const sortedV = new Float64Array(n * n);
  const u = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) {
      sortedV[i * n + to] = v[i * n + from]!;
      u[i * n + to] = w[i * n + from]! / norms[from]!;
    }
  });
  const rank = values.findIndex((value) => value <= values[0]! * n * Number.EPSILON);
  if (rank !== -1) completeBasis(u, n, rank);
  return { values, u, v: sortedV };
}

export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}

/** Makes columns p and q of `w` orthogonal by a rotation that `v` collects; false when they are already. */
function rotateColumns(w: Float64Array, v: Float64Array, n: number, p: number, q: number): boolean {
  const alpha = columnDot(w, n, p, p);
  const beta = columnDot(w, n, q, q);
  const gamma = columnDot(w, n, p, q);
  // Written so that a NaN ends the sweeps.
  if (!(Math.abs(gamma) > Number.EPSILON * Math.sqrt(alpha * beta))) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (const m of [w, v]) {
    for (let i = 0; i < n; i++) {
      const a = m[i * n + p]!;
      const b = m[i * n + q]!;
      m[i * n + p] = cosine * a - sine * b;
      m[i * n + q] = sine * a + cosine * b;
    }
  }
  return true;
}

function columnDot(w: Float64Array, n: number, p: number, q: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += w[i * n + p]! * w[i * n + q]!;
  return sum;
}

/** Replaces the columns from `rank` on by unit vectors that are orthogonal to all before them (Gram-Schmidt on the axes). */
function completeBasis(u: Float64Array, n: number, rank: number): void {
  for (let j = rank; j < n; j++) {
    let best = new Float64Array(n);
    let bestNorm = 0;
    for (let axis = 0; axis < n; axis++) {
      const candidate = new Float64Array(n);
      candidate[axis] = 1;
      for (let pass = 0; pass < 2; pass++) removeColumns(candidate, u, n, j);
      const norm = Math.hypot(...candidate);
      if (norm > bestNorm) [best, bestNorm] = [candidate, norm];
    }
    for (let i = 0; i < n; i++) u[i * n + j] = best[i]! / bestNorm;
  }
}

function removeColumns(vector: Float64Array, u: Float64Array, n: number, columns: number): void {
  for (let j = 0; j < columns; j++) {
    let along = 0;
    for (let i = 0; i < n; i++) along += vector[i]! * u[i * n + j]!;
    for (let i = 0; i < n; i++) vector[i] = vector[i]! - along * u[i * n + j]!;
  }
}
