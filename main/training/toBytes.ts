/** Images of values from 0 to 1 as bytes: 255 times each, rounded. */
export function toBytes(images: Float32Array): Uint8Array {
  const bytes = new Uint8Array(images.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(255 * images[i]!);
  return bytes;
}
