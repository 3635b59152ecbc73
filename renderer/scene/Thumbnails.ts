import {
  BufferAttribute,
  DataArrayTexture,
  DynamicDrawUsage,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  IntType,
  LinearFilter,
  Mesh,
  NearestFilter,
  RedFormat,
  RGBAFormat,
  ShaderMaterial,
  Vector2,
  Vector3,
} from 'three';
import { classColours } from '../../shared/latent/classColours.js';
import type { ImageFormat } from '../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { SceneTheme } from './palette.js';
import type { PointCloud } from './PointCloud.js';
import { thumbnailFormat, thumbnailSide, writeThumbnail, type ThumbnailFormat } from './thumbnailFormat.js';
import fragment from './shaders/thumbnails.frag.glsl?raw';
import vertex from './shaders/thumbnails.vert.glsl?raw';

/** Where pictures come from, and how large they are shown. */
export interface PictureSource {
  readonly format: ImageFormat;
  readonly size: 'small' | 'large';
  /** Bytes of an item's image; null when it cannot be read. */
  load(item: number): Promise<Uint8Array | null>;
}

/** Pictures at once, a layer of the texture each: a large screen has no room for more. Every card that runs WebGL 2 today has the layers. */
export const mostThumbnails = 1024;
/** Width of the frame in the class's colour, CSS pixels. */
const frameWidth = 1.5;

/** Small pictures of a few chosen items in the place of their points, each in a frame of its class's colour. */
export class Thumbnails implements Disposable {
  /** Side on the screen with the frame, CSS pixels. */
  readonly cell: number;
  readonly mesh: Mesh;
  readonly #owned = new DisposableStore();
  readonly #format: ThumbnailFormat;
  readonly #pictures: DataArrayTexture;
  readonly #bytes: Uint8Array;
  readonly #geometry = this.#owned.add(new InstancedBufferGeometry());
  readonly #from = instanced(new Float32Array(mostThumbnails * 3), 3);
  readonly #to = instanced(new Float32Array(mostThumbnails * 3), 3);
  readonly #traits = instanced(new Uint8Array(mostThumbnails * 4), 4);
  readonly #uniforms = {
    uT: { value: 1 },
    uViewport: { value: new Vector2(1, 1) },
    uReach: { value: new Vector2(1, 1) },
    uPalette: { value: Array.from({ length: classColours + 1 }, () => new Vector3()) },
    uPictures: { value: null as DataArrayTexture | null },
    uGrey: { value: 0 },
  };
  readonly #layers = new Map<number, number>();
  readonly #free: number[] = [];
  readonly #loaded = new Set<number>();
  #items: readonly number[] = [];
  #hasNews = false;

  /** @param onPicture a picture has come: to be drawn */
  constructor(
    private readonly cloud: PointCloud,
    private readonly source: PictureSource,
    private readonly onPicture: () => void,
  ) {
    this.#format = thumbnailFormat(source.format);
    const { side, channels } = this.#format;
    this.cell = thumbnailSide(this.#format, source.size) + 2 * frameWidth;
    this.#bytes = new Uint8Array(side * side * (channels === 1 ? 1 : 4) * mostThumbnails);
    this.#pictures = this.#owned.add(new DataArrayTexture(this.#bytes, side, side, mostThumbnails));
    this.#pictures.format = channels === 1 ? RedFormat : RGBAFormat;
    this.#pictures.magFilter = NearestFilter;
    this.#pictures.minFilter = LinearFilter;
    this.#pictures.needsUpdate = true;
    this.#uniforms.uPictures.value = this.#pictures;
    this.#uniforms.uGrey.value = channels === 1 ? 1 : 0;
    for (let layer = mostThumbnails - 1; layer >= 0; layer--) this.#free.push(layer);
    // Over the points, which would be strewn across the pictures otherwise.
    const material = { glslVersion: GLSL3, vertexShader: vertex, fragmentShader: fragment, uniforms: this.#uniforms, depthTest: false, depthWrite: false } as const;
    this.mesh = new Mesh(this.#geometry, this.#owned.add(new ShaderMaterial(material)));
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
    this.#traits.gpuType = IntType;
    this.#geometry.setAttribute('corner', new BufferAttribute(Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1), 2));
    this.#geometry.setAttribute('posA', this.#from);
    this.#geometry.setAttribute('posB', this.#to);
    this.#geometry.setAttribute('traits', this.#traits);
    this.#geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.#geometry.instanceCount = 0;
  }

  /** Shows these items, at most `mostThumbnails`, in the order that they are drawn in: pictures that are here already stay, the others are fetched. */
  show(items: readonly number[]): void {
    const wanted = new Set(items);
    for (const [item, layer] of this.#layers) {
      if (wanted.has(item)) continue;
      this.#layers.delete(item);
      this.#loaded.delete(item);
      this.#free.push(layer);
    }
    for (const item of items) {
      if (this.#layers.has(item)) continue;
      this.#layers.set(item, this.#free.pop()!);
      void this.#fetch(item);
    }
    this.#items = items;
    this.follow();
  }

  /** Takes over the places of the points after they have set off for new ones. */
  follow(): void {
    const { from, to } = this.cloud;
    for (const [i, item] of this.#items.entries()) {
      for (let axis = 0; axis < 3; axis++) {
        this.#from.array[i * 3 + axis] = from[item * 3 + axis]!;
        this.#to.array[i * 3 + axis] = to[item * 3 + axis]!;
      }
      this.#traits.array[i * 4] = this.cloud.slotOf(item);
      // Two bytes of the layer, low one first.
      this.#traits.array[i * 4 + 1] = this.#layers.get(item)! & 255;
      this.#traits.array[i * 4 + 2] = this.#layers.get(item)! >> 8;
      this.#traits.array[i * 4 + 3] = this.#loaded.has(item) ? 1 : 0;
    }
    for (const attribute of [this.#from, this.#to, this.#traits]) attribute.needsUpdate = true;
    this.#geometry.instanceCount = this.#items.length;
  }

  /** To be called before each frame: shows the pictures that have come since the last. */
  refresh(): void {
    if (this.#hasNews) this.follow();
    this.#hasNews = false;
  }

  blend(t: number): void {
    this.#uniforms.uT.value = t;
  }

  setTheme({ classes }: SceneTheme): void {
    for (const [slot, colour] of classes.entries()) this.#uniforms.uPalette.value[slot]!.set(...colour);
  }

  /** Size of the drawing buffer in device pixels. */
  setView(width: number, height: number, pixelRatio: number): void {
    this.#uniforms.uViewport.value.set(width, height);
    this.#uniforms.uReach.value.set(this.cell, this.cell - 2 * frameWidth).multiplyScalar(pixelRatio / 2);
  }

  dispose(): void {
    this.#layers.clear();
    this.#owned.dispose();
  }

  async #fetch(item: number): Promise<void> {
    const layer = this.#layers.get(item);
    const image = await this.source.load(item);
    // It may have left, or come back to another layer, in the meantime.
    if (!image || layer === undefined || this.#layers.get(item) !== layer) return;
    const size = this.#bytes.length / mostThumbnails;
    writeThumbnail(image, this.#format, this.source.format.width, this.#bytes.subarray(layer * size, (layer + 1) * size));
    this.#pictures.addLayerUpdate(layer);
    this.#pictures.needsUpdate = true;
    this.#loaded.add(item);
    this.#hasNews = true;
    this.onPicture();
  }
}

function instanced<T extends Float32Array | Uint8Array>(array: T, size: number): InstancedBufferAttribute & { readonly array: T } {
  return new InstancedBufferAttribute(array, size).setUsage(DynamicDrawUsage) as InstancedBufferAttribute & { readonly array: T };
}
