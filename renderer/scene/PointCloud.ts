import { BufferAttribute, BufferGeometry, CustomBlending, DynamicDrawUsage, GLSL3, IntType, OneFactor, Points, ShaderMaterial, Vector3, Vector4, ZeroFactor } from 'three';
import { classColours } from '../../shared/latent/classColours.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { fogLimit } from './fog.js';
import type { SceneTheme } from './palette.js';
import fragment from './shaders/points.frag.glsl?raw';
import vertex from './shaders/points.vert.glsl?raw';

/** The places of a cloud's items: what it needs of a `Frame`. */
export interface Places {
  readonly count: number;
  /** count x 3. */
  readonly positions: Float32Array;
  /** 0 for an item that has no place yet. */
  readonly measured: Uint32Array;
}

/** Index of the grey among the colours. */
const greySlot = classColours;

/**
 * All points in one draw. Two buffers of positions are blended by the vertex shader: a new frame is written into the one that is not
 * seen, then the blend runs to it. Buffers are made once for a number of items and reused.
 */
export class PointCloud implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #uniforms = {
    uT: { value: 0 },
    uPixelRatio: { value: 1 },
    uSize: { value: 3.5 },
    uTargetDistance: { value: 1 },
    uPalette: { value: Array.from({ length: classColours + 1 }, () => new Vector4()) },
    uCanvas: { value: new Vector3() },
    uInk: { value: new Vector3() },
    uAccent: { value: new Vector3() },
    uHovered: { value: -1 },
    uSelected: { value: -1 },
    uCutoff: { value: 0.01 },
  };
  /** Alpha is coverage here and must not reach the canvas, which would let the page through. */
  readonly #material = this.#owned.add(
    new ShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: vertex,
      fragmentShader: fragment,
      uniforms: this.#uniforms,
      alphaToCoverage: true,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: ZeroFactor,
      blendSrcAlpha: ZeroFactor,
      blendDstAlpha: OneFactor,
    }),
  );
  readonly points = new Points<BufferGeometry, ShaderMaterial>(new BufferGeometry(), this.#material);
  #buffers: Buffers;
  #count = 0;
  #drawn = 0;
  #labels: Int32Array = new Int32Array(0);
  #slots: Int32Array = new Int32Array(0);
  #measured: Uint32Array = new Uint32Array(0);
  #isolated: ReadonlySet<number> | null = null;
  /** The buffer that the blend runs to or rests at. */
  #end: 0 | 1 = 0;

  /** @param samples of the drawing buffer: without any, edges are cut instead of smoothed */
  constructor(samples: number) {
    this.#uniforms.uCutoff.value = samples > 1 ? 0.01 : 0.5;
    this.points.frustumCulled = false;
    this.#buffers = this.#allocate(0);
    this.#owned.defer(() => this.points.geometry.dispose());
  }

  /** Items of the cloud, drawn or not. */
  get count(): number {
    return this.#count;
  }
  /** Points that are drawn. */
  get drawn(): number {
    return this.#drawn;
  }
  /** The two ends of the present movement and how far it is; `shown` marks the items that are drawn. */
  get from(): Float32Array {
    return this.#buffers.positions[this.#end === 0 ? 1 : 0].array;
  }
  get to(): Float32Array {
    return this.#buffers.positions[this.#end].array;
  }
  get shown(): Uint8Array {
    return this.#buffers.shown;
  }
  get labels(): Int32Array {
    return this.#labels;
  }

  /** @param labels class of each item, -1 for none; @param slots colour of each class, -1 for the grey */
  setClasses(labels: Int32Array, slots: Int32Array): void {
    this.#labels = labels;
    this.#slots = slots;
    this.#writeTraits();
  }

  /** Draws these classes alone; null: all. */
  isolate(isolated: ReadonlySet<number> | null): void {
    this.#isolated = isolated;
    this.#writeTraits();
  }

  /** Writes new places into the hidden buffer; `blend` then shows them. An item that had no place before is put there at once. */
  setPlaces({ count, positions, measured }: Places): void {
    if (count > this.#buffers.capacity) this.#buffers = this.#allocate(count);
    const seen = this.#count === count ? this.#measured : null;
    const hidden: 0 | 1 = this.#end === 0 ? 1 : 0;
    this.#buffers.positions[hidden].array.set(positions);
    upload(this.#buffers.positions[hidden], count * 3);
    const visible = this.#buffers.positions[this.#end];
    let entered = false;
    for (let item = 0; item < count; item++) {
      if (measured[item] === 0 || (seen && seen[item] !== 0)) continue;
      entered = true;
      for (let at = item * 3; at < item * 3 + 3; at++) visible.array[at] = positions[at]!;
    }
    if (entered) upload(visible, count * 3);
    this.#end = hidden;
    this.#count = count;
    this.#measured = measured;
    this.points.geometry.setDrawRange(0, count);
    this.blend(0);
    if (entered || !seen) this.#writeTraits();
  }

  /** Draws nothing until there are places again; the buffers are kept. */
  clear(): void {
    this.#count = 0;
    this.#drawn = 0;
    this.points.geometry.setDrawRange(0, 0);
  }

  /** Shows the movement to the newest places at `t`, 0 to 1. */
  blend(t: number): void {
    this.#uniforms.uT.value = this.#end === 1 ? t : 1 - t;
  }

  /** How far the movement is. */
  get t(): number {
    return this.#end === 1 ? this.#uniforms.uT.value : 1 - this.#uniforms.uT.value;
  }

  /** Writes where an item is at present; false when it is not drawn. */
  placeOf(item: number, target: Vector3): boolean {
    if (item >= this.#count || !this.shown[item]) return false;
    const { from, to, t } = this;
    const at = item * 3;
    target.set(
      from[at]! + (to[at]! - from[at]!) * t,
      from[at + 1]! + (to[at + 1]! - from[at + 1]!) * t,
      from[at + 2]! + (to[at + 2]! - from[at + 2]!) * t,
    );
    return true;
  }

  /** Index of an item's colour among those of the theme. */
  slotOf(item: number): number {
    const slot = this.#slots[this.#labels[item] ?? -1] ?? -1;
    return slot < 0 ? greySlot : slot;
  }

  /** Rings around these items; -1 for none. */
  mark(hovered: number, selected: number): void {
    this.#uniforms.uHovered.value = hovered;
    this.#uniforms.uSelected.value = selected;
  }

  setTheme({ canvas, ink, accent, classes }: SceneTheme): void {
    this.#uniforms.uCanvas.value.set(...canvas);
    this.#uniforms.uInk.value.set(...ink);
    this.#uniforms.uAccent.value.set(...accent);
    for (const [slot, colour] of classes.entries()) this.#uniforms.uPalette.value[slot]!.set(...colour, fogLimit(colour, canvas));
  }

  /** @param homeDistance of the camera that sees the whole cloud; @param targetDistance of the camera to what it turns about */
  setView(pixelRatio: number, homeDistance: number, targetDistance: number): void {
    this.#uniforms.uPixelRatio.value = pixelRatio;
    this.#uniforms.uTargetDistance.value = targetDistance;
    // Going nearer spreads the points faster than it enlarges them: what was a heap comes apart.
    this.#uniforms.uSize.value = pointSize(this.#count) * Math.sqrt(homeDistance / targetDistance);
  }

  /** Radius of a point's disc in CSS pixels at a distance from the camera: the same rule as in the vertex shader. */
  discRadius(distance: number): number {
    const size = this.#uniforms.uSize.value * (this.#uniforms.uTargetDistance.value / distance) ** 1.6;
    return Math.min(14, Math.max(2, size)) / 2;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #writeTraits(): void {
    const { traits, shown } = this.#buffers;
    this.#drawn = 0;
    for (let item = 0; item < this.#count; item++) {
      const label = this.#labels[item] ?? -1;
      traits.array[item * 4] = this.slotOf(item);
      const isShown = this.#measured[item] !== 0 && (!this.#isolated || this.#isolated.has(label)) ? 1 : 0;
      traits.array[item * 4 + 1] = isShown;
      shown[item] = isShown;
      this.#drawn += isShown;
    }
    upload(traits, this.#count * 4);
  }

  /** Buffers cannot grow on the graphics card: a larger cloud gets new ones. */
  #allocate(capacity: number): Buffers {
    const geometry = new BufferGeometry();
    const buffers: Buffers = {
      capacity,
      positions: [attribute(new Float32Array(capacity * 3), 3), attribute(new Float32Array(capacity * 3), 3)],
      traits: attribute(new Uint8Array(capacity * 4), 4),
      shown: new Uint8Array(capacity),
    };
    buffers.traits.gpuType = IntType;
    geometry.setAttribute('posA', buffers.positions[0]);
    geometry.setAttribute('posB', buffers.positions[1]);
    geometry.setAttribute('traits', buffers.traits);
    geometry.setDrawRange(0, 0);
    this.points.geometry.dispose();
    this.points.geometry = geometry;
    return buffers;
  }
}

interface Buffers {
  /** Items that they hold. */
  readonly capacity: number;
  readonly positions: readonly [Attribute<Float32Array>, Attribute<Float32Array>];
  readonly traits: Attribute<Uint8Array>;
  /** The second trait alone, for the searches that run here. */
  readonly shown: Uint8Array;
}

type Attribute<T extends Float32Array | Uint8Array> = BufferAttribute & { readonly array: T };

function attribute<T extends Float32Array | Uint8Array>(array: T, size: number): Attribute<T> {
  return new BufferAttribute(array, size).setUsage(DynamicDrawUsage) as Attribute<T>;
}

/** Sends the first `length` elements to the graphics card before the next draw. */
function upload(attribute: BufferAttribute, length: number): void {
  attribute.clearUpdateRanges();
  attribute.addUpdateRange(0, length);
  attribute.needsUpdate = true;
}

/** Diameter in CSS pixels: 3.5 at 4,000 points as drawn in the design, more for few and less for many, so that the whole stays readable. */
function pointSize(count: number): number {
  return Math.min(9, 3.5 * (4000 / Math.max(1, count)) ** 0.15);
}
