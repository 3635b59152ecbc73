import { wholeMultiple } from '../../widgets/wholeMultiple.js';

/** Heights within the film, CSS pixels: the slider with its number above the tiles, the places on the path below the bars. */
export const sliderHeight = 44;
export const axisTop = 24;
export const labelHeight = 15;
const gap = 8;
/** A bar with its count is at least so high. */
const leastBars = 36;
/** A tile is at least so large where that is possible: below, a change from frame to frame is hard to see. */
const leastTile = 40;

/** Side of the smallest tile for images of `own` pixels. */
function smallestTile(own: number): number {
  return own < leastTile ? own * Math.ceil(leastTile / own) : leastTile;
}

/** As many frames as fit beside each other in a width. */
export function framesThatFit(own: number, width: number): number {
  return Math.max(1, Math.floor((width + gap) / (smallestTile(own) + gap)));
}

/** How the film strip is laid out. Frame i of n is centred at `left(i / (n - 1))`, as is the slider at t. */
export interface FilmLayout {
  /** Side of a tile. */
  readonly tile: number;
  /** Height for the bars with their counts. */
  readonly bars: number;
  /** Centre of what belongs to a place t on the path. */
  left(t: number): number;
  /** The place on the path at a distance from the left edge, 0 to 1. */
  at(left: number): number;
}

/** @param own side of the images in pixels @param width and height: of the film, CSS pixels */
export function layoutFilm(own: number, frames: number, width: number, height: number): FilmLayout {
  const perFrame = (width - (frames - 1) * gap) / frames;
  const tile = wholeMultiple(own, Math.min(perFrame, height - sliderHeight - gap - leastBars - labelHeight));
  const length = Math.max(1, width - tile);
  return {
    tile,
    bars: Math.max(0, height - sliderHeight - tile - gap - labelHeight),
    left: (t) => tile / 2 + length * t,
    at: (left) => Math.min(1, Math.max(0, (left - tile / 2) / length)),
  };
}
