import type { SampleName } from '../../dataset.js';
import type { RunState } from '../../run.js';
import type { Format } from '../format.js';

/** The first screen. */
export const empty = {
  title: 'Drop a folder of images',
  lead: 'A small model learns to compress them while you watch. Similar images gather in space, and any two become the ends of a morph.',
  choose: 'Choose folder',
  open: 'Open project',
  accepts: 'Folders, zip, IDX. PNG, JPEG, WebP, GIF, BMP of any size. Subfolder names become classes.',
  held: (f: Format, entries: number) => `Let go to read ${f.whole(entries)} ${f.plural(entries, { one: 'folder or file', other: 'folders and files' })}`,
  samples: 'Start with a sample',
  sample: {
    mnist: { name: 'Handwritten digits', facts: (f: Format) => `${f.whole(70000)} images, 28 \u00d7 28 grey`, why: 'Ten classes that separate clearly.' },
    shapes: { name: 'Shapes', facts: (f: Format) => `${f.whole(5000)} images, 32 \u00d7 32 RGB`, why: 'Known factors: shape, size, turn, place, colour.' },
    emoji: { name: 'Emoji', facts: (f: Format) => `${f.whole(3391)} images, 64 \u00d7 64 RGB`, why: 'Colour and fine detail, no classes.' },
  } satisfies Record<SampleName, { name: string; facts: (f: Format) => string; why: string }>,
  recent: 'Recent',
  clear: 'Clear',
  noRecent: 'Projects that you have opened will stand here.',
  images: (f: Format, images: number) => `${f.whole(images)} ${f.plural(images, { one: 'image', other: 'images' })}`,
  facts: (images: string, run: string) => `${images}, ${run}`,
  finishedRun: (f: Format, run: number, epochs: number) => `run ${f.whole(run)}, ${f.whole(epochs)} ${f.plural(epochs, { one: 'epoch', other: 'epochs' })}`,
  lastRun: (f: Format, state: string, epoch: number) => `${state} at epoch ${f.whole(epoch)}`,
  noRun: 'not trained yet',
  states: {
    idle: 'not begun',
    preparing: 'being prepared',
    running: 'training',
    paused: 'paused',
    stopping: 'stopping',
    stopped: 'stopped',
    finished: 'finished',
    failed: 'failed',
  } satisfies Record<RunState, string>,
  active: (name: string) => `${name} is training.`,
  goTo: 'Go to it',
  private: 'Nothing leaves this machine. Images, models and projects stay in files you own.',
};
