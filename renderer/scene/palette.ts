import { classColours } from '../../shared/latent/classColours.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';

/** sRGB components, 0 to 1, as the shaders take and write them: no colour management between token and pixel. */
export type Rgb = readonly [number, number, number];

/** What the scene takes from the theme. */
export interface SceneTheme {
  readonly canvas: Rgb;
  readonly ink: Rgb;
  readonly line: Rgb;
  readonly accent: Rgb;
  /** `classColours` colours and the grey. */
  readonly classes: readonly Rgb[];
  /** Points from frame to frame, milliseconds; 0 under reduced motion. */
  readonly cloudMs: number;
  /** The camera to a new place, milliseconds; 0 under reduced motion. */
  readonly cameraMs: number;
}

/** The theme as the tokens stand at present. */
export function readTheme(styles: CSSStyleDeclaration): SceneTheme {
  const colour = (token: string): Rgb => parseHex(styles.getPropertyValue(token));
  const ms = (token: string): number => parseMs(styles.getPropertyValue(token));
  return {
    canvas: colour('--bg-canvas'),
    ink: colour('--ink'),
    line: colour('--line'),
    accent: colour('--accent'),
    classes: [...Array.from({ length: classColours }, (_, i) => colour(`--class-${i}`)), colour('--class-none')],
    cloudMs: ms('--move-cloud'),
    cameraMs: ms('--move-camera'),
  };
}

/** Tokens write colours as #rrggbb; a build may shorten them to #rgb. */
export function parseHex(text: string): Rgb {
  const hex = text.trim().slice(1);
  const digits = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const value = Number.parseInt(digits, 16);
  if (digits.length !== 6 || Number.isNaN(value)) throw new RangeError(`Not a colour: "${text}"`);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Durations are written in milliseconds; a build may write 400ms as .4s. */
export function parseMs(text: string): number {
  const value = Number.parseFloat(text);
  if (Number.isNaN(value)) throw new RangeError(`Not a duration: "${text}"`);
  return text.trim().endsWith('ms') ? value : value * 1000;
}

/** Calls the listener with the theme now and whenever the person or the system changes it. */
export function watchTheme(element: Element, listener: (theme: SceneTheme) => void): Disposable {
  const owned = new DisposableStore();
  const read = (): void => listener(readTheme(getComputedStyle(element)));
  const root = new MutationObserver(read);
  root.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  owned.defer(() => root.disconnect());
  for (const preference of ['(prefers-reduced-motion: reduce)', '(prefers-contrast: more)']) {
    const query = matchMedia(preference);
    query.addEventListener('change', read);
    owned.defer(() => query.removeEventListener('change', read));
  }
  read();
  return owned;
}
