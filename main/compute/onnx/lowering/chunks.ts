import type { Lowering } from '../Lowering.js';

/** A run of images of a batch. */
export interface Chunk {
  readonly first: number;
  readonly count: number;
}

/** Measured: half of it and less cost more in operators than they save, and without a limit memory grows with the image. */
const limitBytes = 8e6;

/**
 * Splits a batch so that what a chunk makes on the way, `bytesPerImage` of it for each image, stays in the cache between the
 * operator that writes it and the one that reads it.
 */
export function chunksOf(batch: number, bytesPerImage: number): Chunk[] {
  let chunks = 1;
  while (chunks < batch && ((batch / chunks) * bytesPerImage > limitBytes || batch % chunks !== 0)) chunks++;
  const count = batch / chunks;
  return Array.from({ length: chunks }, (_, i) => ({ first: i * count, count }));
}

/** The parts below each other. */
export function stack(parts: readonly string[], lowering: Lowering): string {
  return parts.length === 1 ? parts[0]! : lowering.onnx.node('Concat', parts, { axis: 0 });
}
