import CameraControls from 'camera-controls';
import { Box3, Color, LinearSRGBColorSpace, Matrix4, type Object3D, PerspectiveCamera, Quaternion, Raycaster, Scene, Sphere, Spherical, Vector2, Vector3, Vector4, WebGLRenderer } from 'three';
import type { CameraPose } from '../../shared/camera.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { SceneTheme } from './palette.js';

CameraControls.install({ THREE: { Vector2, Vector3, Vector4, Quaternion, Matrix4, Spherical, Box3, Sphere, Raycaster } });

/** Direction from which the cloud is first seen, radians from the axes (design studio.html). */
const homeAzimuth = 0.52;
const homePolar = Math.PI / 2 - 0.3;
/** Of the camera, vertically, degrees. */
const fieldOfView = 36;
/** Radius of the sphere that the home view shows; points lie mostly within 1. */
const homeRadius = 1.12;
/** A longer pause between two drawn frames counts as this: the first frame after a rest must not jump. Seconds. */
const longestStep = 1 / 30;

export interface StageEvents {
  /** Before each drawn frame, with its time in milliseconds; true when something goes on moving. */
  readonly beforeDraw: (now: number) => boolean;
  /** After each drawn frame. */
  readonly afterDraw: () => void;
  /** The camera has come to rest. */
  readonly atRest: () => void;
  /** The graphics card's context was lost, or is there again. */
  readonly onContext: (state: 'lost' | 'restored') => void;
}

/** The renderer, the camera and its controls: draws a frame when asked to and as long as something moves, and is otherwise still. */
export class Stage implements Disposable {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(fieldOfView, 1, 0.01, 200);
  readonly renderer: WebGLRenderer;
  readonly #owned = new DisposableStore();
  readonly #controls: CameraControls;
  #scheduled = 0;
  #last = 0;
  #lost = false;
  #moves = true;
  #turned = false;
  #width = 1;
  #height = 1;
  /** Whether the camera is where `home` put it: it then stays right at any size of the window. */
  #isHome = true;
  readonly #spherical = new Spherical();
  readonly #matrix = new Matrix4();

  /** Throws when there is no WebGL 2. */
  constructor(readonly canvas: HTMLCanvasElement, private readonly events: StageEvents) {
    this.renderer = this.#owned.add(new WebGLRenderer({ canvas, antialias: true, powerPreference: 'high-performance' }));
    // Tokens are written as they are: see palette.ts.
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.#controls = this.#owned.add(new CameraControls(this.camera, canvas));
    const controls = this.#controls;
    controls.mouseButtons.right = CameraControls.ACTION.TRUCK;
    controls.touches.two = CameraControls.ACTION.TOUCH_DOLLY_TRUCK;
    controls.minDistance = 0.05;
    controls.maxDistance = 40;
    controls.dollyToCursor = true;
    controls.addEventListener('control', () => this.#leaveHome());
    // The end of a drag lets the camera glide to its rest.
    controls.addEventListener('controlend', this.invalidate);
    this.#listen('pointerdown', (event) => {
      controls.mouseButtons.left = (event as PointerEvent).shiftKey ? CameraControls.ACTION.TRUCK : CameraControls.ACTION.ROTATE;
    });
    this.#listen('webglcontextlost', () => {
      this.#lost = true;
      this.events.onContext('lost');
    });
    this.#listen('webglcontextrestored', () => {
      this.#lost = false;
      this.events.onContext('restored');
      this.invalidate();
    });
    this.#owned.defer(() => cancelAnimationFrame(this.#scheduled));
    void this.home(false);
  }

  /** Size of the canvas, CSS pixels, and device pixels a CSS pixel. */
  get width(): number {
    return this.#width;
  }
  get height(): number {
    return this.#height;
  }
  get pixelRatio(): number {
    return this.renderer.getPixelRatio();
  }

  /** Samples of a pixel of the canvas; 0 or 1 when edges are not smoothed. */
  get samples(): number {
    const gl = this.renderer.getContext();
    return gl.getParameter(gl.SAMPLES) as number;
  }

  /** Whether the processor draws in place of a graphics card: every frame then costs what training could use. */
  get isSoftware(): boolean {
    const gl = this.renderer.getContext();
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return names !== null && /swiftshader|llvmpipe|softpipe|basic render/i.test(String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)));
  }

  /** CSS pixels that a length of 1 takes at a distance of 1. */
  get focalPixels(): number {
    return this.#height / 2 / Math.tan((fieldOfView / 360) * Math.PI);
  }

  /** Distance at which the home view stands. */
  get homeDistance(): number {
    return this.#distanceFor(homeRadius);
  }

  /** From the camera to the point that it turns about. */
  get targetDistance(): number {
    return this.#controls.distance;
  }

  /** Where the camera is, or is on its way to; null: home, wherever that is at this size of the window. */
  get pose(): CameraPose | null {
    if (this.#isHome) return null;
    const { theta, phi, radius } = this.#controls.getSpherical(this.#spherical);
    return { target: this.#controls.getTarget(new Vector3()).toArray(), azimuth: theta, polar: phi, distance: radius };
  }

  /** Asks for a frame; any number of times before it is drawn. */
  readonly invalidate = (): void => {
    if (this.#scheduled === 0 && !this.#lost) this.#scheduled = requestAnimationFrame(this.#draw);
  };

  setTheme({ canvas, cameraMs }: SceneTheme): void {
    // Not the renderer's clear colour, which a lost context forgets.
    this.scene.background = new Color(...canvas);
    this.#moves = cameraMs > 0;
    // The controls approach their end ever more slowly: a third of the time covers nearly all of the way.
    this.#controls.smoothTime = cameraMs / 3000;
    this.#controls.draggingSmoothTime = this.#moves ? 0.04 : 0;
    this.invalidate();
  }

  /** @param width CSS pixels; @param height CSS pixels */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#width = width;
    this.#height = height;
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    if (this.#isHome) this.home(false);
    // At once: a canvas of a new size is empty, and would be seen so until the next frame.
    cancelAnimationFrame(this.#scheduled);
    if (!this.#lost) this.#draw(performance.now());
  }

  /** The view that shows the whole cloud from where it was first seen. */
  home(moves = this.#moves): void {
    const distance = this.homeDistance;
    void this.#controls.setTarget(0, 0, 0, moves);
    void this.#controls.dollyTo(distance, moves);
    void this.#controls.rotateTo(homeAzimuth, homePolar, moves);
    this.#isHome = true;
    this.invalidate();
  }

  /** Puts the camera there at once; null: home. */
  setPose(pose: CameraPose | null): void {
    if (pose === null) return this.home(false);
    void this.#controls.setTarget(...pose.target, false);
    void this.#controls.dollyTo(pose.distance, false);
    void this.#controls.rotateTo(pose.azimuth, pose.polar, false);
    this.#leaveHome();
  }

  /** Turns nothing, but moves so that a sphere fills the view. */
  lookAt(center: Vector3, radius: number): void {
    void this.#controls.setTarget(center.x, center.y, center.z, this.#moves);
    void this.#controls.dollyTo(this.#distanceFor(radius), this.#moves);
    this.#leaveHome();
  }

  /** Radians to the right and down. */
  orbit(right: number, down: number): void {
    void this.#controls.rotate(right, down, this.#moves);
    this.#leaveHome();
  }

  /** Multiplies the distance to what the camera turns about. */
  zoom(factor: number): void {
    void this.#controls.dollyTo(this.#controls.getSpherical(this.#spherical).radius * factor, this.#moves);
    this.#leaveHome();
  }

  /** The point that the camera turns about. */
  target(into: Vector3): Vector3 {
    return this.#controls.getTarget(into, false);
  }

  /** Model, view and projection of an object in one, as it stands now. The matrix is reused by the next call. */
  matrixOf(object: Object3D): Matrix4 {
    this.camera.updateMatrixWorld();
    object.updateWorldMatrix(true, false);
    return this.#matrix.multiplyMatrices(this.camera.projectionMatrix, this.camera.matrixWorldInverse).multiply(object.matrixWorld);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  readonly #draw = (now: number): void => {
    this.#scheduled = 0;
    const step = Math.min(longestStep, (now - this.#last) / 1000);
    this.#last = now;
    const turns = this.#controls.update(step);
    const moves = this.events.beforeDraw(now);
    this.renderer.render(this.scene, this.camera);
    this.events.afterDraw();
    if (this.#turned && !turns) this.events.atRest();
    this.#turned = turns;
    if (turns || moves) this.invalidate();
  };

  #leaveHome(): void {
    this.#isHome = false;
    this.invalidate();
  }

  #distanceFor(radius: number): number {
    const vertical = (fieldOfView / 360) * Math.PI;
    const horizontal = Math.atan(Math.tan(vertical) * this.camera.aspect);
    return radius / Math.sin(Math.min(vertical, horizontal));
  }

  #listen(type: string, listener: (event: Event) => void): void {
    // Before the controls hear of it.
    this.canvas.addEventListener(type, listener, { capture: true });
    this.#owned.defer(() => this.canvas.removeEventListener(type, listener, { capture: true }));
  }
}
