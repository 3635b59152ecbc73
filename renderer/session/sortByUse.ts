/** Latent dimensions by how much the model says with them, most first; in their order where that is not known yet or equal. */
export function sortByUse(latent: number, kl: readonly number[] | null): readonly number[] {
  const dimensions = Array.from({ length: latent }, (_, dimension) => dimension);
  return kl ? dimensions.sort((a, b) => kl[b]! - kl[a]!) : dimensions;
}
