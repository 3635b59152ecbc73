/** One class on the wall: a column as wide as its share, or the whole wall. */
export interface WallColumn {
  /** Position of the class among those given. */
  readonly group: number;
  /** Left edge, CSS pixels. */
  readonly x: number;
  /** Tiles side by side. */
  readonly across: number;
  /** Its items, row by row. */
  readonly items: Uint32Array;
}

export interface Wall {
  /** Side of a tile and distance from one to the next, CSS pixels. */
  readonly tile: number;
  readonly pitch: number;
  readonly columns: readonly WallColumn[];
  /** Rows of the longest column. */
  readonly rows: number;
}

/** Least distance between classes, and that from the edges, CSS pixels. */
const apart = 9;
const edge = 24;
/** Fewer tiles side by side than this and a class is no picture of itself. */
const leastAcross = 2;
/** Larger images are shown smaller, by a whole divisor. */
const mostTile = 40;

/**
 * Places the images of each class in columns whose widths follow the sizes of the classes; where there are too many classes for the
 * width, they follow one another in one grid.
 * @param side of the images, pixels
 * @param groups items of each class, none empty
 */
export function layoutWall(width: number, side: number, groups: readonly Uint32Array[]): Wall {
  const tile = Math.max(8, Math.floor(side / Math.ceil(side / mostTile)));
  const pitch = tile + 1;
  const room = Math.floor((width - 2 * edge - apart * (groups.length - 1)) / pitch);
  const fits = groups.length > 0 && room >= leastAcross * groups.length;
  const shown = fits ? groups : [concatenate(groups)];
  const across = fits ? share(room, groups.map(({ length }) => length)) : [Math.max(1, Math.floor((width - 2 * edge) / pitch))];
  // What whole tiles leave over widens the gaps, so that the wall reaches from edge to edge.
  const gap = shown.length < 2 ? 0 : Math.floor((width - 2 * edge - across.reduce((sum, part) => sum + part * pitch - 1, 0)) / (shown.length - 1)) - 1;
  const columns: WallColumn[] = [];
  let x = edge;
  for (const [group, items] of shown.entries()) {
    columns.push({ group, x, across: across[group]!, items });
    x += across[group]! * pitch + gap;
  }
  return { tile, pitch, columns, rows: Math.max(0, ...columns.map(({ items, across }) => Math.ceil(items.length / across))) };
}

/** Calls `visit` for each tile that lies at least partly between `top` and `top + height`; returns how many there are. */
export function visitTiles(wall: Wall, top: number, height: number, visit: (item: number, x: number, y: number) => void = () => undefined): number {
  const first = Math.max(0, Math.floor(top / wall.pitch));
  const end = Math.min(wall.rows, Math.ceil((top + height) / wall.pitch));
  let visited = 0;
  for (const { x, across, items } of wall.columns) {
    const stop = Math.min(items.length, end * across);
    for (let i = first * across; i < stop; i++, visited++) visit(items[i]!, x + (i % across) * wall.pitch, Math.floor(i / across) * wall.pitch - top);
  }
  return visited;
}

/** Splits `room` in proportion to the sizes, each at least `leastAcross`. */
function share(room: number, sizes: readonly number[]): readonly number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const parts = sizes.map((size) => Math.max(leastAcross, Math.round((room * size) / all)));
  const total = (): number => parts.reduce((sum, part) => sum + part, 0);
  while (total() > room) parts[parts.indexOf(Math.max(...parts))]!--;
  while (total() < room) parts[parts.indexOf(Math.min(...parts))]!++;
  return parts;
}

function concatenate(groups: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(groups.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const group of groups) {
    all.set(group, at);
    at += group.length;
  }
  return all;
}
