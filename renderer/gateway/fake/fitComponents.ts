import { fillNormal, randomKey } from '../../../shared/random.js';

interface Components {
  readonly mean: Float32Array;
  /** components x size, orthonormal rows. */
  readonly axes: Float32Array;
  /** count x components. */
  readonly scores: Float32Array;
  /** Part of the variance that each carries. */
  readonly explained: Float32Array;
  /** Of each image, summed over its values. */
  readonly squaredErrors: Float32Array;
}

const iterations = 8;
/** Images that the axes are found with: those of a fake world hardly differ in kind. */
const looked = 200;

/** The principal components of images (count x size bytes, as values in [0, 1]) by orthogonal iteration; near enough for an invented project. */
export function fitComponents(images: Uint8Array, size: number, components: number): Components {
  const count = images.length / size;
  const mean = new Float32Array(size);
  for (let at = 0; at < images.length; at++) mean[at % size]! += images[at]! / 255 / count;
  const stride = Math.max(1, Math.floor(count / looked));
  const axes = new Float32Array(components * size);
  fillNormal(axes, randomKey(1));
  orthonormalise(axes, size);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float32Array(axes.length);
    for (let row = 0; row < count; row += stride) {
      const image = centred(images, row, mean);
      for (let c = 0; c < axes.length; c += size) {
        const score = dot(image, axes, c);
        for (let i = 0; i < size; i++) next[c + i]! += score * image[i]!;
      }
    }
    axes.set(next);
    orthonormalise(axes, size);
  }
  const scores = new Float32Array(count * components);
  const squaredErrors = new Float32Array(count);
  const carried = new Float32Array(components);
  let variance = 0;
  for (let row = 0; row < count; row++) {
    const image = centred(images, row, mean);
    const squares = dot(image, image, 0);
    squaredErrors[row] = squares;
    variance += squares;
    for (let c = 0; c < components; c++) {
      const score = dot(image, axes, c * size);
      scores[row * components + c] = score;
      squaredErrors[row]! -= score * score;
      carried[c]! += score * score;
    }
  }
  return { mean, axes, scores, explained: carried.map((value) => value / variance), squaredErrors };
}

function centred(images: Uint8Array, row: number, mean: Float32Array): Float32Array {
  return mean.map((value, i) => images[row * mean.length + i]! / 255 - value);
}

function dot(vector: Float32Array, matrix: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * matrix[at + i]!;
  return sum;
}

/** Gram and Schmidt's way, in place. */
function orthonormalise(axes: Float32Array, size: number): void {
  for (let at = 0; at < axes.length; at += size) {
    const axis = axes.subarray(at, at + size);
    for (let before = 0; before < at; before += size) {
      const along = dot(axis, axes, before);
      for (let i = 0; i < size; i++) axis[i]! -= along * axes[before + i]!;
    }
    const length = Math.sqrt(dot(axis, axis, 0)) || 1;
    for (let i = 0; i < size; i++) axis[i]! /= length;
  }
}
