import { Color, NearestFilter, Vector2, WebGLRenderTarget } from 'three';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { pickLayer, type PointCloud } from './PointCloud.js';
import { pointAt, projectPoints } from './screenPoints.js';
import type { Stage } from './Stage.js';

/** Up to here a scan on the processor is quicker than asking the graphics card (reference viz, section 1). */
const mostScanned = 200_000;

/** Finds the point under a place on the screen. */
export class Picker implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #size = new Vector2();
  readonly #clear = new Color();
  #screen: Float32Array = new Float32Array(0);
  #isStale = true;
  #target: WebGLRenderTarget | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly cloud: PointCloud,
  ) {
    this.#owned.defer(() => this.#target?.dispose());
  }

  /** To be called whenever camera, size, points or what is shown of them has changed. */
  invalidate(): void {
    this.#isStale = true;
  }

  /** Where the points stand on the screen, as `projectPoints` writes it; reckoned anew only after a change. */
  screen(): Float32Array {
    const { cloud, stage } = this;
    if (this.#screen.length < cloud.count * 3) this.#screen = new Float32Array(cloud.count * 3);
    if (this.#isStale) {
      const size = stage.renderer.getSize(this.#size);
      projectPoints(
        { from: cloud.from, to: cloud.to, t: cloud.t, shown: cloud.shown, count: cloud.count, matrix: stage.matrixOf(cloud.points).elements, width: size.x, height: size.y },
        this.#screen,
      );
      this.#isStale = false;
    }
    return this.#screen;
  }

  /** The item at a place in CSS pixels from the upper left corner, or the nearest within `reach` pixels; -1 for none. */
  async pick(x: number, y: number, reach: number): Promise<number> {
    if (this.cloud.count > mostScanned) return this.#pickByDrawing(x, y, reach);
    return pointAt(this.screen(), this.cloud.count, x, y, reach, (distance) => this.cloud.discRadius(distance));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Draws the numbers of the points in a small window around the place and reads them back without waiting for the card. */
  async #pickByDrawing(x: number, y: number, reach: number): Promise<number> {
    const { renderer, camera, scene } = this.stage;
    const ratio = renderer.getPixelRatio();
    const half = Math.ceil(reach * ratio);
    const side = 2 * half + 1;
    const target = this.#targetOf(side);
    const size = renderer.getDrawingBufferSize(this.#size);
    renderer.getClearColor(this.#clear);
    camera.setViewOffset(size.x, size.y, Math.round(x * ratio) - half, Math.round(y * ratio) - half, side, side);
    camera.layers.set(pickLayer);
    scene.overrideMaterial = this.cloud.pickMaterial;
    renderer.setRenderTarget(target);
    renderer.setClearColor(0, 0);
    renderer.render(scene, camera);
    renderer.setRenderTarget(null);
    renderer.setClearColor(this.#clear, 1);
    scene.overrideMaterial = null;
    camera.layers.set(0);
    camera.clearViewOffset();
    const pixels = new Uint8Array(side * side * 4);
    // Fails when the context is lost meanwhile.
    const isRead = await renderer.readRenderTargetPixelsAsync(target, 0, 0, side, side, pixels).then(() => true, () => false);
    return isRead ? nearestNumber(pixels, side, half) - 1 : -1;
  }

  #targetOf(side: number): WebGLRenderTarget {
    if (this.#target?.width === side) return this.#target;
    this.#target?.dispose();
    this.#target = new WebGLRenderTarget(side, side, { minFilter: NearestFilter, magFilter: NearestFilter });
    return this.#target;
  }
}

/** The number (24 bits in red, green and blue; 0 is nothing) nearest to the middle of a square of pixels, within `half` of it. */
export function nearestNumber(pixels: Uint8Array, side: number, half: number): number {
  let found = 0;
  let least = half * half + 1;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * 4;
      const number = pixels[at]! | (pixels[at + 1]! << 8) | (pixels[at + 2]! << 16);
      const away = (row - half) ** 2 + (column - half) ** 2;
      if (number === 0 || away >= least) continue;
      least = away;
      found = number;
    }
  }
  return found;
}
