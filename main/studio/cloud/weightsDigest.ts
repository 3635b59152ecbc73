import { createHash, webcrypto } from 'node:crypto';
import type { StateValues } from '../../compute/program.js';

/** A digest that tells weights from others, whatever order they come in; large ones are read off the thread that decodes. */
export async function weightsDigest(weights: StateValues): Promise<string> {
  const digests = await Promise.all(
    [...weights].map(async ([name, { shape, values }]) => {
      const digest = await webcrypto.subtle.digest('SHA-256', new Float32Array(values));
      return `${name} ${shape.join('x')} ${Buffer.from(digest).toString('hex')}`;
    }),
  );
  return createHash('sha256').update(digests.sort().join('\n')).digest('hex');
}
