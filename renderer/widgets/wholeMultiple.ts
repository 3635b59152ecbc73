/** The largest side within `room` CSS pixels that an image of `own` pixels can be drawn at unsmoothed: a whole multiple of its own; the room itself for an image that is larger. */
export function wholeMultiple(own: number, room: number): number {
  return room >= own ? Math.floor(room / own) * own : Math.max(1, Math.floor(room));
}
