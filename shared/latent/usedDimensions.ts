/** Below this, nats, the KL of a latent dimension is near zero: its posterior is the prior whatever the image, and it tells the decoder nothing. */
const leastKl = 0.05;

/** Whether the model uses a latent dimension of that KL. */
export function isUsed(kl: number): boolean {
  return kl >= leastKl;
}
