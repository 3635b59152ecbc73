import type { ImageFormat } from '../../../shared/dataset.js';
import type { ImageHeader } from './imageHeader.js';
import { countOf, limitNotice } from '../imported.js';
import { describeSize } from './pixels.js';

/** What was done to the pictures of a dataset on the way to its format, in sentences for the report. */
export function pictureNotices(headers: readonly ImageHeader[], format: ImageFormat, leftOut: number): string[] {
  const notices: string[] = [];
  const size = describeSize(format);
  const sizes = new Set(headers.map(describeSize));
  if (sizes.size > 1) notices.push(`Images of ${sizes.size} sizes were fitted to ${size}.`);
  else if (sizes.size === 1 && !sizes.has(size)) notices.push(`All images were scaled from ${[...sizes].join('')} to ${size}.`);
  const cropped = headers.filter(({ width, height }) => width !== height).length;
  if (cropped > 0) notices.push(`${countOf(cropped, 'image')} that ${cropped === 1 ? 'is' : 'are'} not square lost the edges beyond the centre square.`);
  const enlarged = headers.filter(({ width, height }) => Math.min(width, height) < format.width).length;
  if (enlarged > 0) notices.push(`${countOf(enlarged, 'image')} smaller than ${size} ${enlarged === 1 ? 'was' : 'were'} enlarged.`);
  const alpha = headers.filter((header) => header.alpha).length;
  if (alpha > 0) notices.push(`${countOf(alpha, 'image')} can have transparent parts; what shows through is white.`);
  if (leftOut > 0) notices.push(limitNotice(headers.length, leftOut));
  return notices;
}
