import { BufferAttribute, BufferGeometry, Color, LineBasicMaterial, LineSegments } from 'three';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { faded } from './fog.js';
import type { SceneTheme } from './palette.js';

/** In the cloud's radius: how far below its center the floor lies, half its side, and its cells along a side. */
const depth = 1;
const half = 1.7;
const cells = 8;

/** A quiet grid under the cloud, by which one sees how it is turned. */
export class Floor implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #geometry = this.#owned.add(new BufferGeometry());
  readonly #material = this.#owned.add(new LineBasicMaterial({ depthWrite: false }));
  readonly lines = new LineSegments(this.#geometry, this.#material);

  constructor() {
    const corners: number[] = [];
    for (let i = 0; i <= cells; i++) {
      const at = (i / cells) * 2 * half - half;
      corners.push(at, -depth, -half, at, -depth, half, -half, -depth, at, half, -depth, at);
    }
    this.#geometry.setAttribute('position', new BufferAttribute(Float32Array.from(corners), 3));
    this.lines.renderOrder = -1;
  }

  setTheme({ line, canvas }: SceneTheme): void {
    this.#material.color = new Color(...faded(line, canvas, 0.25));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
