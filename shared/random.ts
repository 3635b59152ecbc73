/**
 * Counter-based random numbers: every draw is a pure function of a key and a position, so that a resumed run sees exactly
 * the numbers that the uninterrupted one saw. The mixing function is the 32-bit finaliser of MurmurHash3 (Appleby, public
 * domain), applied twice with the key between.
 */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Combines any number of unsigned 32-bit parts (seed, step, stream) to one 32-bit key. */
export function randomKey(...parts: readonly number[]): number {
  let key = 0x9e3779b9;
  for (const part of parts) key = (Math.imul(mix(key ^ part), 0x01000193) + 0x7f4a7c15) | 0;
  return key >>> 0;
}

/** Uniform unsigned 32-bit number at `position` of the stream `key`. */
export function randomBits(key: number, position: number): number {
  return mix(mix(position ^ key) + Math.imul(key, 0x9e3779b1)) >>> 0;
}

/** Uniform number in [0, 1), 32 bits of resolution. */
export function randomUniform(key: number, position: number): number {
  return randomBits(key, position) / 4294967296;
}

/** Fills `target` with standard normal numbers (Box & Muller 1958) of the stream `key`. */
export function fillNormal(target: Float32Array, key: number): void {
  for (let i = 0; i < target.length; i += 2) {
    // 1 - u is in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - randomUniform(key, i)));
    const angle = 2 * Math.PI * randomUniform(key, i + 1);
    target[i] = radius * Math.cos(angle);
    if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle);
  }
}

/** Shuffles in place (Fisher & Yates as given by Durstenfeld 1964) with the stream `key`. */
export function shuffle(items: Uint32Array, key: number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(randomUniform(key, i) * (i + 1));
    const swapped = items[i]!;
    items[i] = items[j]!;
    items[j] = swapped;
  }
}
