import type { ImageFormat } from '../../../shared/dataset.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { ImageHeader } from './imageHeader.js';
import { limitNotice } from '../imported.js';
import { describeSize } from './pixels.js';

/** What was done to the pictures of a dataset on the way to its format, in sentences for the report. */
export function pictureNotices(headers: readonly ImageHeader[], format: ImageFormat, leftOut: number): Sentence[] {
  const notices: Sentence[] = [];
  const size = describeSize(format);
  const sizes = new Set(headers.map(describeSize));
  if (sizes.size > 1) notices.push(say('datasets.fitted', sizes.size, size));
  else if (sizes.size === 1 && !sizes.has(size)) notices.push(say('datasets.scaled', [...sizes].join(''), size));
  const cropped = headers.filter(({ width, height }) => width !== height).length;
  if (cropped > 0) notices.push(say('datasets.cropped', cropped));
  const enlarged = headers.filter(({ width, height }) => Math.min(width, height) < format.width).length;
  if (enlarged > 0) notices.push(say('datasets.enlarged', enlarged, size));
  const alpha = headers.filter((header) => header.alpha).length;
  if (alpha > 0) notices.push(say('datasets.transparent', alpha));
  if (leftOut > 0) notices.push(limitNotice(headers.length, leftOut));
  return notices;
}
