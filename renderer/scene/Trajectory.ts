import { BufferAttribute, DynamicDrawUsage, GLSL3, InstancedBufferGeometry, InstancedInterleavedBuffer, InterleavedBufferAttribute, Mesh, ShaderMaterial, Vector2, Vector3 } from 'three';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { MovingPlaces } from './MovingPlaces.js';
import type { SceneTheme } from './palette.js';
import fragment from './shaders/path.frag.glsl?raw';
import vertex from './shaders/path.vert.glsl?raw';

/** Half the width of the line with its edge, CSS pixels. */
const reach = 2.5;

/** The path of the morph through the cloud: a line over all points, edged by the colour of the canvas. Its marks are drawn in HTML by whoever shows it. */
export class Trajectory implements Disposable {
  readonly places = new MovingPlaces();
  readonly #owned = new DisposableStore();
  readonly #uniforms = {
    uViewport: { value: new Vector2(1, 1) },
    uReach: { value: reach },
    uPixelRatio: { value: 1 },
    uInk: { value: new Vector3() },
    uCanvas: { value: new Vector3() },
  };
  readonly #material = this.#owned.add(
    new ShaderMaterial({ glslVersion: GLSL3, vertexShader: vertex, fragmentShader: fragment, uniforms: this.#uniforms, depthTest: false, depthWrite: false }),
  );
  readonly mesh = new Mesh(new InstancedBufferGeometry(), this.#material);
  #buffer: InstancedInterleavedBuffer | null = null;

  constructor() {
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 2;
    this.mesh.visible = false;
    this.#owned.defer(() => this.mesh.geometry.dispose());
  }

  /** @param places of the path, at least two, count x 3; none: no path. @param how in step with the cloud, or at once */
  set(places: Float32Array, how: 'move' | 'put'): void {
    this.places[how](places);
    const { seen } = this.places;
    this.mesh.visible = seen.length >= 6;
    if (!this.mesh.visible) return;
    if (this.#buffer?.array !== seen) this.#allocate(seen);
    else this.#buffer.needsUpdate = true;
  }

  blend(t: number): void {
    this.places.blend(t);
    if (this.#buffer) this.#buffer.needsUpdate = true;
  }

  setTheme({ ink, canvas }: SceneTheme): void {
    this.#uniforms.uInk.value.set(...ink);
    this.#uniforms.uCanvas.value.set(...canvas);
  }

  /** Size of the drawing buffer in device pixels. */
  setView(width: number, height: number, pixelRatio: number): void {
    this.#uniforms.uViewport.value.set(width, height);
    this.#uniforms.uPixelRatio.value = pixelRatio;
    this.#uniforms.uReach.value = reach * pixelRatio;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Each piece reads its start and, three numbers further, its end from the one array of places. */
  #allocate(places: Float32Array): void {
    this.mesh.geometry.dispose();
    const geometry = new InstancedBufferGeometry();
    const buffer = new InstancedInterleavedBuffer(places, 3, 1);
    buffer.setUsage(DynamicDrawUsage);
    geometry.setAttribute('corner', new BufferAttribute(Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1), 2));
    geometry.setAttribute('start', new InterleavedBufferAttribute(buffer, 3, 0));
    geometry.setAttribute('end', new InterleavedBufferAttribute(buffer, 3, 3));
    geometry.setIndex([0, 1, 2, 2, 1, 3]);
    geometry.instanceCount = places.length / 3 - 1;
    this.mesh.geometry = geometry;
    this.#buffer = buffer;
  }
}
