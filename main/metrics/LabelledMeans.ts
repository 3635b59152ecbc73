/** Means of posteriors with the classes of their images. */
export interface LabelledMeans {
  readonly latent: number;
  /** count x latent. */
  readonly means: Float32Array;
  /** Class of each, from 0. */
  readonly labels: Int32Array;
}
