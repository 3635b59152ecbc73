import { marksThatFit, smallestGrid, type GridShape } from '../../session/priorGrid.js';
import { wholeMultiple } from '../../widgets/wholeMultiple.js';

/** How a grid lies in its room, CSS pixels. */
export interface GridLayout {
  readonly shape: GridShape;
  /** Side of an image. */
  readonly tile: number;
}

/** Beside the images: the name of the vertical axis and its percentages at the left, the name of the horizontal one at the right. */
export const axes = { left: 44, right: 72, bottom: 12 } as const;

/** The largest images of which the smallest grid fits, and as many of these as fit. @param own width of an image in pixels */
export function layOutGrid(own: number, width: number, height: number): GridLayout {
  const room = { width: Math.max(1, width - axes.left - axes.right), height: Math.max(1, height - axes.bottom) };
  const tile = wholeMultiple(own, Math.min(room.width / smallestGrid.columns, room.height / smallestGrid.rows));
  return { tile, shape: { columns: marksThatFit(room.width / tile), rows: marksThatFit(room.height / tile) } };
}
