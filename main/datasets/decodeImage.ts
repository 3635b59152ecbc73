import type { Sharp } from 'sharp';
import sharp from 'sharp';
import type { ImageFormat } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import { err, ok } from '../../shared/result.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { MemoryReader } from './byteReader.js';
import { decodeBmp } from './pictures/decodeBmp.js';
import { decodeSmallPng } from './pictures/decodePng.js';
import { cutOff, damaged, largestPixels, readImageHeader } from './pictures/imageHeader.js';
import type { ImageKind } from './pictures/imageHeader.js';
import type { Pixels } from './pictures/pixels.js';
import { withChannels } from './pictures/pixels.js';
import { resample } from './pictures/resample.js';
import { DiskFile } from './sources/sourceFile.js';

// Images are decoded many at a time, so that each takes one thread, and none is met twice.
sharp.concurrency(1);
sharp.cache(false);

/** A picture that takes longer is refused; the largest honest ones take a few seconds. */
const timeLimitSeconds = 60;
/** Decoded pictures of up to 128 x 128 are scaled here; for larger ones the threads of libvips pay. */
const smallPixels = 128 * 128;
const white = '#ffffff';

export interface DecodeHooks {
  /** Called right before bytes are handed to native code, which a hostile file could crash. */
  onNative?(): void;
}

/**
 * Decodes one picture and fits it to `width` x `height`.
 *
 * Rotation asked for by EXIF is applied, embedded colour profiles and CMYK are turned into sRGB, 16 bits become 8, and of an
 * animation the first picture is taken. Transparent parts are laid over white: most cut-outs, icons and scans were made to
 * be seen on paper, and on black their dark outlines would be lost. A picture of another shape is scaled until it covers the
 * square and cropped around its centre (what a contact sheet does; bars around it would be learnt as part of the image).
 * Scaling is Lanczos with a window of 3, on the stored values: no linear-light conversion, so that a picture that is merely
 * made smaller looks as it does elsewhere.
 *
 * Never rejects: a picture that cannot be decoded is a reason in plain words.
 */
export async function decodeImage(
  bytes: Uint8Array,
  width: number,
  height: number,
  hooks: DecodeHooks = {},
): Promise<Result<Pixels, Sentence>> {
  const header = readImageHeader(new MemoryReader(bytes));
  if (!header.ok) return header;
  const { kind } = header.value;
  if (kind === 'png') {
    const pixels = decodeSmallPng(bytes);
    if (pixels) return fitPixels(pixels, width, height);
  }
  if (kind === 'bmp') {
    const pixels = decodeBmp(bytes);
    return pixels.ok ? fitPixels(pixels.value, width, height) : pixels;
  }
  hooks.onNative?.();
  return fit(sharp(bytes, { failOn: strictness(kind), limitInputPixels: largestPixels }).autoOrient().flatten({ background: white }), width, height);
}

/** Scales and crops decoded pixels as `decodeImage` does. */
export async function fitPixels(pixels: Pixels, width: number, height: number): Promise<Result<Pixels, Sentence>> {
  if (pixels.width === width && pixels.height === height) return ok(pixels);
  if (pixels.width * pixels.height <= smallPixels) return ok(resample(pixels, width, height));
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
  return fit(sharp(pixels.values, { raw, limitInputPixels: largestPixels }), width, height);
}

/** Decodes one image file to exactly `format`, for an image that is not part of a dataset. */
export async function decodeImageFile(path: string, format: ImageFormat): Promise<Result<Uint8Array, Failure>> {
  const file = new DiskFile(path, path);
  const bytes = await file.load();
  if (!bytes.ok) return err(failure('not-found', say('datasets.unusable', path, bytes.error)));
  const pixels = await decodeImage(bytes.value, format.width, format.height);
  if (!pixels.ok) return err(failure('bad-data', say('datasets.unusable', path, pixels.error)));
  return ok(withChannels(pixels.value.values, pixels.value.channels, format.channels));
}

async function fit(image: Sharp, width: number, height: number): Promise<Result<Pixels, Sentence>> {
  try {
    const { data, info } = await image
      .resize(width, height, { fit: 'cover', position: 'centre', kernel: 'lanczos3' })
      .toColourspace('srgb')
      .raw()
      .timeout({ seconds: timeLimitSeconds })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || info.width !== width || info.height !== height) return err(damaged);
    return ok({ width, height, channels: 3, values: data });
  } catch (error) {
    return err(plainReason(error));
  }
}

/**
 * What libvips takes offence at. libjpeg calls pixels that it had to make up a warning, so that every warning counts; in PNG and
 * TIFF the common warnings (an odd colour profile, an unknown tag) leave the pixels whole.
 */
function strictness(kind: ImageKind): 'warning' | 'error' {
  return kind === 'jpeg' ? 'warning' : 'error';
}

/** The messages of libvips and its libraries name functions and are not meant for people. */
function plainReason(error: unknown): Sentence {
  const message = error instanceof Error ? error.message : '';
  if (/timeout/i.test(message)) return say('datasets.slow', timeLimitSeconds);
  if (/pixel limit/i.test(message)) return say('datasets.manyPixels');
  if (/premature|truncat|end of (file|stream|image)|unexpected end|not enough data|short|out of order/i.test(message)) return cutOff;
  return damaged;
}
