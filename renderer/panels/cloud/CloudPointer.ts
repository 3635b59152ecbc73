import type { Disposable } from '../../../shared/lifecycle.js';

/** What the pointer asks of the cloud and tells it. Places in CSS pixels from the upper left corner of the canvas. */
export interface PointerTarget {
  /** The item at a place or nearest to it within `reach`; null for none. */
  pick(x: number, y: number, reach: number): number | null;
  /** Whether a place lies within `reach` of the item that is hovered. */
  isNearHovered(x: number, y: number, reach: number): boolean;
  hover(item: number | null): void;
  /** @param item null: empty space was clicked */
  click(item: number | null, x: number, y: number): void;
  doubleClick(item: number): void;
}

/** Stillness that is taken for interest, milliseconds. */
const dwell = 125;
/** How far from a point a press still means it, CSS pixels. */
const reaches = { mouse: 8, pen: 10, touch: 14 } as const;
/** A press that moves farther than this is a drag of the camera. */
const slack = 4;
/** A hovered item is let go at once when the pointer is farther from it than this: its card, which lies nearer, can be reached. */
const leash = 30;

/** Reads hovering and clicks out of pointer events; drags and wheels are the camera's. Nothing runs while the pointer is still. */
export class CloudPointer implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #press: { readonly x: number; readonly y: number } | null = null;
  #isDrag = false;

  constructor(private readonly target: PointerTarget) {}

  readonly down = (event: PointerEvent): void => {
    this.#press = { x: event.offsetX, y: event.offsetY };
    this.#isDrag = !event.isPrimary || event.button !== 0;
    this.#stopWaiting();
  };

  readonly move = (event: PointerEvent): void => {
    const { offsetX: x, offsetY: y } = event;
    // The button may have been let go outside the window.
    if (event.buttons === 0) this.#press = null;
    if (this.#press) {
      if (Math.hypot(x - this.#press.x, y - this.#press.y) > slack) this.#isDrag = true;
      if (this.#isDrag) this.target.hover(null);
      return;
    }
    if (!this.target.isNearHovered(x, y, leash)) this.target.hover(null);
    this.#stopWaiting();
    this.#timer = setTimeout(() => this.target.hover(this.target.pick(x, y, reachOf(event))), dwell);
  };

  readonly up = (event: PointerEvent): void => {
    const { offsetX: x, offsetY: y } = event;
    if (this.#press && !this.#isDrag) this.target.click(this.target.pick(x, y, reachOf(event)), x, y);
    this.#press = null;
  };

  readonly doubleClick = (event: MouseEvent): void => {
    const item = this.target.pick(event.offsetX, event.offsetY, reaches.mouse);
    if (item !== null) this.target.doubleClick(item);
  };

  /** The pointer has left the canvas or the system has taken it. */
  readonly cancel = (): void => {
    this.#press = null;
    this.#stopWaiting();
  };

  dispose(): void {
    this.#stopWaiting();
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
  }
}

function reachOf({ pointerType }: PointerEvent): number {
  return reaches[pointerType as keyof typeof reaches] ?? reaches.mouse;
}
