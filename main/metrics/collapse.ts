/** Nats of KL, and the part of the best constant image's cost, below which a model has not given its latents up. */
const leastKl = 0.1;
const leastGain = 0.02;

/**
 * Posterior collapse: the latents say next to nothing of the image (KL below 0.1 nat) and the decoder does no better than 2 % below the
 * best constant image. A small KL alone is no collapse: an image may have little to say.
 *
 * @param error nats or squared error of the model
 * @param constantError the same of the best constant image
 */
export function isCollapsed(kl: number, error: number, constantError: number): boolean {
  return kl < leastKl && error > (1 - leastGain) * constantError;
}
