import type { Format } from '../format.js';

/** The dataset of the project, beside its run. */
export const data = {
  title: 'Data',
  strip: 'Some of the images',
  images: (f: Format, used: number, all: number) => (used === all ? `${f.whole(used)} ${f.plural(used, { one: 'image', other: 'images' })}` : `${f.whole(used)} of ${f.whole(all)} images`),
  skipped: (f: Format, files: number) => `${f.whole(files)} skipped`,
  skippedTitle: (f: Format, files: number) => `${f.whole(files)} ${f.plural(files, { one: 'file was', other: 'files were' })} skipped`,
  facts: (f: Format, format: string, bytes: number, heldOut: number) => `${format}, ${f.bytes(bytes)}, ${f.whole(heldOut)} held out`,
  classes: 'Classes: show one alone',
  classOf: (f: Format, name: string, images: number) => `${name}, ${f.whole(images)} ${f.plural(images, { one: 'image', other: 'images' })}`,
};
