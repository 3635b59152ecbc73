import type { MorphSession } from '../../session/MorphSession.svelte.js';

/** A window that was hidden goes on where it was: no more than this passes from one picture to the next. Milliseconds. */
const longestMs = 100;

/** Moves the place on the path with the clock, until what it returns is called. */
export function playMorph(morph: MorphSession): () => void {
  let last = performance.now();
  let request = requestAnimationFrame(function play(now) {
    morph.advance(Math.min(longestMs, Math.max(0, now - last)));
    last = now;
    request = requestAnimationFrame(play);
  });
  return () => cancelAnimationFrame(request);
}
