import type { Format } from '../format.js';

/** Images on their way into a project. */
export const importing = {
  title: (name: string) => `Reading ${name}`,
  delivering: (f: Format, files: number, bytes: number) => `${f.whole(files)} ${f.plural(files, { one: 'file', other: 'files' })}, ${f.bytes(bytes)} handed to the studio`,
  listing: (f: Format, files: number) => (files === 0 ? 'Looking for images' : `${f.whole(files)} ${f.plural(files, { one: 'file', other: 'files' })} found`),
  counts: {
    decoding: (f: Format, done: number, total: number) => `${f.whole(done)} of ${f.whole(total)} read`,
    writing: (f: Format, done: number, total: number) => `${f.whole(done)} of ${f.whole(total)} written`,
  },
  left: (duration: string) => `about ${duration} left`,
  progress: 'Import',
  cancel: 'Cancel',
  kept: 'Your files are only read, never changed.',
  oneAtATime: 'One import at a time: the first is still going on.',
};
