/** A place on the screen, CSS pixels from the upper left corner of the canvas. */
export interface ScreenPlace {
  x: number;
  y: number;
  /** From the camera's plane, in radii of the cloud; not above 0 behind it. */
  distance: number;
}

/** What of the scene the things over the canvas need to follow it; `CloudScene` has it. */
export interface CloudView {
  /** Classes with a point drawn, one place each in `names`, and how far each reaches. */
  readonly classes: { readonly labels: readonly number[]; readonly spreads: Float32Array };
  readonly names: { readonly seen: Float32Array };
  toScreen(places: Float32Array, index: number, target: ScreenPlace): void;
  itemOnScreen(item: number, target: ScreenPlace): boolean;
  pathOnScreen(t: number, target: ScreenPlace): boolean;
  markOnScreen(mark: 'probe' | 'a' | 'b', target: ScreenPlace): boolean;
  pixelsOf(length: number, distance: number): number;
  /** Writes how far a unit along an axis (0 to 2) leads on the screen, -1 to 1, y upwards. */
  axisOnScreen(axis: number, target: ScreenPlace): void;
}

/** Puts an element's own origin there; without allocating anything but the text that the style wants. */
export function putAt(element: HTMLElement | SVGElement, x: number, y: number): void {
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}
