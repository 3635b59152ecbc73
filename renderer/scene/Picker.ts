import type { PointCloud } from './PointCloud.js';
import { pointAt, pointTowards, projectPoints } from './screenPoints.js';
import type { Stage } from './Stage.js';

/**
 * Finds points by where they are on the screen: by scanning them all. Their places on the screen are kept until something moves, so that
 * looking about in a still view costs one pass over them.
 */
export class Picker {
  #screen: Float32Array = new Float32Array(0);
  #isStale = true;

  constructor(
    private readonly stage: Stage,
    private readonly cloud: PointCloud,
  ) {}

  /** To be called whenever camera, size, points or what is shown of them has changed. */
  invalidate(): void {
    this.#isStale = true;
  }

  /** Where the points stand on the screen, as `projectPoints` writes it. */
  screen(): Float32Array {
    const { cloud, stage } = this;
    if (this.#screen.length < cloud.count * 3) this.#screen = new Float32Array(cloud.count * 3);
    if (this.#isStale) {
      const { width, height } = stage;
      const matrix = stage.matrixOf(cloud.points).elements;
      projectPoints({ from: cloud.from, to: cloud.to, t: cloud.t, shown: cloud.shown, count: cloud.count, matrix, width, height }, this.#screen);
      this.#isStale = false;
    }
    return this.#screen;
  }

  /** The item at a place on the screen, or the nearest to it within `reach` pixels; null for none. */
  pick(x: number, y: number, reach: number): number | null {
    const item = pointAt(this.screen(), this.cloud.count, x, y, reach, (distance) => this.cloud.discRadius(distance));
    return item < 0 ? null : item;
  }

  /** The nearest drawn item on the screen in a direction (unit vector, y downwards) from an item, or from the middle; null for none. */
  towards(item: number | null, directionX: number, directionY: number): number | null {
    const screen = this.screen();
    const isThere = item !== null && item < this.cloud.count && screen[item * 3 + 2] !== Infinity;
    const x = isThere ? screen[item * 3]! : this.stage.width / 2;
    const y = isThere ? screen[item * 3 + 1]! : this.stage.height / 2;
    const found = pointTowards(screen, this.cloud.count, x, y, directionX, directionY, item ?? -1);
    return found < 0 ? null : found;
  }
}
