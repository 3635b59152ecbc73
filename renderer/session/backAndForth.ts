/** Where a morph that plays back and forth stands, and where it is going. */
export interface Playhead {
  /** 0 to 1. */
  readonly t: number;
  readonly direction: 1 | -1;
}

/** Time from one end to the other, milliseconds: slow enough to watch each frame turn into the next. */
const oneWayMs = 4000;

/** Where it stands some milliseconds later. It slows down towards the ends, t = (1 - cos(pi s)) / 2 with s even in time, and turns there. */
export function advance({ t, direction }: Playhead, elapsedMs: number): Playhead {
  const done = Math.acos(1 - 2 * t) / Math.PI;
  // A way there and one back make a round of length 2.
  const round = (((direction === 1 ? done : 2 - done) + elapsedMs / oneWayMs) % 2 + 2) % 2;
  return { t: (1 - Math.cos(Math.PI * round)) / 2, direction: round < 1 ? 1 : -1 };
}

/** The next of `frames` frames at equal distances of t, back and forth: for those who want no motion. */
export function nextFrame({ t, direction }: Playhead, frames: number): Playhead {
  const last = frames - 1;
  const turned = direction === 1 ? (t >= 1 ? -1 : 1) : t <= 0 ? 1 : -1;
  // Rounding must not count the frame that it stands on as the next one.
  const frame = turned === 1 ? Math.floor(t * last + 1e-9) + 1 : Math.ceil(t * last - 1e-9) - 1;
  return { t: Math.min(1, Math.max(0, frame / last)), direction: turned };
}
