import { fillNormal, randomKey } from '../../shared/random.js';
import { svd } from '../latent/svd.js';

/** Eigenvectors of a symmetric positive semidefinite matrix that belong to its largest eigenvalues. */
export interface Eigenvectors {
  /** Descending. */
  readonly values: Float64Array;
  /** One a row, orthonormal; of a vector's two signs the one that makes its largest component positive. */
  readonly vectors: Float64Array;
}

/** Vectors that are iterated beside those asked for: what lies between their eigenvalues sets how quickly it converges. */
const companions = 12;
const mostIterations = 100;
/** What is missing of an eigenvalue is at most its residual squared over the gap, so that this is exact to more digits than pixels have. */
const tolerance = 1e-5;

/**
 * The leading eigenvectors of a matrix that is known only by what it does to vectors: subspace iteration with a Rayleigh-Ritz step (Golub &
 * Van Loan, Matrix Computations, 4th edition, section 8.2.5; Halko, Martinsson & Tropp 2011). Deterministic: it starts from the same
 * random block each time.
 *
 * @param apply the products of the matrix with vectors given one a row; may be awaited, since it may mean reading a file
 * @param n order of the matrix
 * @param count how many, at most n
 */
export async function leadingEigenvectors(
  apply: (vectors: Float64Array) => Float64Array | Promise<Float64Array>,
  n: number,
  count: number,
): Promise<Eigenvectors> {
  const width = Math.min(n, count + companions);
  let basis = orthonormalised(randomBlock(width, n), n);
  for (let iteration = 1; ; iteration++) {
    const products = await apply(basis);
    const { values, v } = svd(gram(basis, products, n), width);
    const vectors = combined(v, basis, n);
    const images = combined(v, products, n);
    if (iteration === mostIterations || residual(vectors, images, values, n, count) <= tolerance * values[0]!) {
      return { values: values.slice(0, count), vectors: signed(vectors.slice(0, count * n), n) };
    }
    basis = orthonormalised(images, n);
  }
}

function randomBlock(rows: number, n: number): Float64Array {
  const block = new Float32Array(rows * n);
  fillNormal(block, randomKey(rows, n));
  return Float64Array.from(block);
}

/** The longest difference between a vector's product and its multiple by the eigenvalue. */
function residual(vectors: Float64Array, products: Float64Array, values: Float64Array, n: number, count: number): number {
  let longest = 0;
  for (let row = 0; row < count; row++) {
    let squares = 0;
    for (let i = row * n; i < (row + 1) * n; i++) squares += (products[i]! - values[row]! * vectors[i]!) ** 2;
    longest = Math.max(longest, Math.sqrt(squares));
  }
  return longest;
}

/** Rows made orthonormal by modified Gram-Schmidt, twice for the digits; a row that depends on those before gives way to an axis. */
function orthonormalised(rows: Float64Array, n: number): Float64Array {
  for (let row = 0, spare = 0; row * n < rows.length; ) {
    const vector = rows.subarray(row * n, (row + 1) * n);
    const before = norm(vector);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < row * n; other += n) {
        let along = 0;
        for (let i = 0; i < n; i++) along += vector[i]! * rows[other + i]!;
        for (let i = 0; i < n; i++) vector[i]! -= along * rows[other + i]!;
      }
    }
    const length = norm(vector);
    if (length > 1e-10 * before) {
      for (let i = 0; i < n; i++) vector[i]! /= length;
      row++;
    } else {
      vector.fill(0);
      vector[spare++] = 1;
    }
  }
  return rows;
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

/** a b^T of two blocks of rows: width x width, made symmetric. */
function gram(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const width = a.length / n;
  const products = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[j * n + k]!;
      products[i * width + j]! += sum / 2;
      products[j * width + i]! += sum / 2;
    }
  }
  return products;
}

/** The rows of `block` combined by each column of `rotation`. */
function combined(rotation: Float64Array, block: Float64Array, n: number): Float64Array {
  const width = block.length / n;
  const sums = new Float64Array(block.length);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const part = rotation[j * width + i]!;
      for (let k = 0; k < n; k++) sums[i * n + k]! += part * block[j * n + k]!;
    }
  }
  return sums;
}

function signed(vectors: Float64Array, n: number): Float64Array {
  for (let at = 0; at < vectors.length; at += n) {
    const vector = vectors.subarray(at, at + n);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let i = 0; i < n; i++) vector[i] = -vector[i]!;
  }
  return vectors;
}
