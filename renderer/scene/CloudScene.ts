import { Group, Plane, Ray, Vector2, Vector3 } from 'three';
import type { CameraPose } from '../../shared/camera.js';
import type { Frame, PathKind } from '../../shared/contract/studio.js';
import { pathBetween, samplePath } from '../../shared/latent/paths.js';
import { placesOf } from '../../shared/latent/places.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { classCenters, type ClassCenters } from './classCenters.js';
import { extentOf, type Extent } from './extent.js';
import { Floor } from './Floor.js';
import { MovingPlaces } from './MovingPlaces.js';
import { type SceneTheme, watchTheme } from './palette.js';
import { Picker } from './Picker.js';
import { PointCloud } from './PointCloud.js';
import { declutter } from './screenPoints.js';
import { Stage } from './Stage.js';
import { mostThumbnails, Thumbnails, type PictureSource } from './Thumbnails.js';
import { Trajectory } from './Trajectory.js';
import { Transition } from './Transition.js';

/** What the scene draws of a frame. */
export type SceneFrame = Pick<Frame, 'dir' | 'count' | 'latent' | 'positions' | 'measured' | 'center' | 'axes'>;

/** A place on the screen, CSS pixels from the upper left corner of the canvas. */
export interface ScreenPlace {
  x: number;
  y: number;
  /** From the camera's plane, in radii of the cloud; not above 0 behind it. */
  distance: number;
}

/** The two ends of a morph and the kind of path between them. */
export interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly kind: PathKind;
}

/** Latents that may belong to no item and are marked all the same: what is inspected, and the ends of a morph. */
const latentMarks = ['probe', 'a', 'b'] as const;
export type LatentMark = (typeof latentMarks)[number];

export interface SceneEvents {
  /** After each drawn frame: what stands over the canvas follows. */
  readonly onDraw: () => void;
  /** The points that are drawn are others, or as many others. */
  readonly onPoints: (drawn: number) => void;
  readonly onContext: (state: 'lost' | 'restored') => void;
  /** The camera has come to rest there; null: at home. */
  readonly onCamera: (pose: CameraPose | null) => void;
}

/** Points of the drawn path: enough for an arc to look round. */
const pathSteps = 65;
/** Radius in which `flyTo` shows a point, in radii of the cloud. */
const closeRadius = 0.35;
/** Sharpness is worth no more than this many device pixels a CSS pixel. */
const mostPixelRatio = 2;

class MarkedLatent {
  latent: Float32Array | null = null;
  readonly places = new MovingPlaces();
}

/**
 * The cloud of a run: takes frames, choices and places on the screen, draws, and answers what is where. Everything of a run lives in its own
 * latent units within `#space`, which is moved and scaled so that the cloud always lies around the origin with a radius of 1: the
 * camera stays valid while the cloud grows in training.
 */
export class CloudScene implements Disposable {
  readonly stage: Stage;
  readonly points: PointCloud;
  readonly picker: Picker;
  readonly trajectory: Trajectory;
  /** Where the names of the classes stand, one for each of `classes.labels`. */
  readonly names = new MovingPlaces();
  readonly #marks = { probe: new MarkedLatent(), a: new MarkedLatent(), b: new MarkedLatent() };
  readonly #owned = new DisposableStore();
  readonly #space = new Group();
  readonly #floor: Floor;
  readonly #movement = new Transition();
  #classes: ClassCenters = { labels: [], centers: new Float32Array(0), spreads: new Float32Array(0) };
  #frame: SceneFrame | null = null;
  /** Came while the points were still moving: shown when they have arrived, unless a newer one comes. */
  #next: SceneFrame | null = null;
  #extents: readonly [Extent, Extent] = [unit, unit];
  #ends: Ends | null = null;
  #thumbnails: Thumbnails | null = null;
  #theme: SceneTheme | null = null;
  readonly #vector = new Vector3();
  readonly #pointer = new Vector2();

  /** Whether points fly to their places in a newer frame. */
  readonly #flies: boolean;

  /**
   * Throws when there is no WebGL 2.
   * @param fliesInSoftware whether points also fly where the processor draws: thirty frames for each of the run's cost it dear
   */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly events: SceneEvents,
    fliesInSoftware = false,
  ) {
    this.stage = this.#owned.add(
      new Stage(canvas, {
        beforeDraw: (now) => this.#advance(now),
        afterDraw: () => this.events.onDraw(),
        atRest: () => {
          this.#chooseThumbnails();
          this.events.onCamera(this.stage.pose);
        },
        onContext: (state) => this.events.onContext(state),
      }),
    );
    this.#flies = fliesInSoftware || !this.stage.isSoftware;
    this.points = this.#owned.add(new PointCloud(this.stage.samples));
    this.#floor = this.#owned.add(new Floor());
    this.trajectory = this.#owned.add(new Trajectory());
    this.picker = new Picker(this.stage, this.points);
    this.#space.add(this.points.points, this.trajectory.mesh);
    this.stage.scene.add(this.#floor.lines, this.#space);
    this.#owned.add(watchTheme(canvas, (theme) => this.#setTheme(theme)));
    const sizes = new ResizeObserver(() => this.#resize());
    sizes.observe(canvas, { box: 'device-pixel-content-box' });
    this.#owned.defer(() => sizes.disconnect());
    this.#owned.defer(() => this.#thumbnails?.dispose());
  }

  get classes(): ClassCenters {
    return this.#classes;
  }

  setClasses(labels: Int32Array, slots: Int32Array): void {
    this.points.setClasses(labels, slots);
    this.#nameClasses('put');
    this.#changePoints();
  }

  isolate(labels: ReadonlySet<number> | null): void {
    this.points.isolate(labels);
    this.#nameClasses('put');
    this.#changePoints();
  }

  /** Moves the points to a newer frame; the first of a run is there at once. Null: there is none yet. */
  setFrame(frame: SceneFrame | null): void {
    if (frame === null) this.#clear();
    else if (this.#movement.isRunning && frame.dir === this.#frame?.dir) this.#next = frame;
    else this.#show(frame);
    this.stage.invalidate();
  }

  /** The path of a morph; null: none. */
  setPath(ends: Ends | null): void {
    this.#ends = ends;
    this.#tracePath('put');
    this.stage.invalidate();
  }

  /** Small pictures in the place of points that do not cover each other; null: points alone. */
  setThumbnails(source: PictureSource | null): void {
    this.#thumbnails?.mesh.removeFromParent();
    this.#thumbnails?.dispose();
    this.#thumbnails = source && new Thumbnails(this.points, source, this.stage.invalidate);
    if (this.#thumbnails) {
      if (this.#theme) this.#thumbnails.setTheme(this.#theme);
      this.#space.add(this.#thumbnails.mesh);
      this.#measure();
      this.#chooseThumbnails();
    }
    this.stage.invalidate();
  }

  /** Sets the latent that `markOnScreen` follows; null: none. Nothing has to be drawn for it. */
  setMark(mark: LatentMark, latent: Float32Array | null): void {
    this.#marks[mark].latent = latent;
    this.#placeMark(mark, 'put');
  }

  /** Rings around items; null: none. */
  mark(hovered: number | null, selected: number | null): void {
    this.points.mark(hovered ?? -1, selected ?? -1);
    this.stage.invalidate();
  }

  /** Shows all that is drawn, from the side that it is seen from. */
  fit(): void {
    if (!this.#frame) return;
    const { center, radius } = extentOf(this.points.to, this.points.shown, this.points.count);
    this.#space.localToWorld(this.#vector.set(...center));
    this.stage.lookAt(this.#vector, (radius / this.#radius) * 1.3);
  }

  home(): void {
    this.stage.home();
  }

  /** Goes near to an item. */
  flyTo(item: number): void {
    if (!this.points.placeOf(item, this.#vector)) return;
    this.#space.localToWorld(this.#vector);
    this.stage.lookAt(this.#vector, Math.min(closeRadius, this.stage.targetDistance));
  }

  /** Writes where a place of the cloud (three numbers at `index`) is on the screen. */
  toScreen(places: Float32Array, index: number, target: ScreenPlace): void {
    this.#project(this.#vector.fromArray(places, index * 3), target);
  }

  /** Writes where an item is on the screen; false when it is not drawn. */
  itemOnScreen(item: number, target: ScreenPlace): boolean {
    if (!this.points.placeOf(item, this.#vector)) return false;
    this.#project(this.#vector, target);
    return true;
  }

  /** Writes where the path is at `t`, 0 to 1, on the screen; false when there is none. */
  pathOnScreen(t: number, target: ScreenPlace): boolean {
    const { seen, count } = this.trajectory.places;
    if (!this.#ends || count < 2) return false;
    const before = Math.min(count - 2, Math.floor(t * (count - 1)));
    const part = t * (count - 1) - before;
    for (const [i, axis] of axes.entries()) this.#vector[axis] = seen[before * 3 + i]! + (seen[before * 3 + 3 + i]! - seen[before * 3 + i]!) * part;
    this.#project(this.#vector, target);
    return true;
  }

  /** Writes where a marked latent is on the screen; false when there is none. */
  markOnScreen(mark: LatentMark, target: ScreenPlace): boolean {
    const { places } = this.#marks[mark];
    if (places.count === 0) return false;
    this.toScreen(places.seen, 0, target);
    return true;
  }

  /** Writes how far a unit along an axis (0 to 2) leads on the screen, -1 to 1, y upwards. */
  axisOnScreen(axis: number, target: ScreenPlace): void {
    const { elements } = this.stage.camera.matrixWorldInverse;
    target.x = elements[axis * 4]!;
    target.y = elements[axis * 4 + 1]!;
    target.distance = elements[axis * 4 + 2]!;
  }

  /** CSS pixels that a length of the cloud takes at a distance from the camera. */
  pixelsOf(length: number, distance: number): number {
    return (length / this.#radius / distance) * this.stage.focalPixels;
  }

  /**
   * The place of the cloud under a place on the screen: where the ray meets the plane through the orbit target that faces the camera
   * (DESIGN section 7). Null when the camera looks past it, which it never does.
   */
  placeAt(x: number, y: number): [number, number, number] | null {
    const { camera, width, height } = this.stage;
    camera.updateMatrixWorld();
    this.#pointer.set((x / width) * 2 - 1, 1 - (y / height) * 2);
    const ray = new Ray(camera.getWorldPosition(new Vector3()));
    ray.direction.set(this.#pointer.x, this.#pointer.y, 0.5).unproject(camera).sub(ray.origin).normalize();
    const plane = new Plane().setFromNormalAndCoplanarPoint(camera.getWorldDirection(new Vector3()), this.stage.target(new Vector3()));
    const meeting = ray.intersectPlane(plane, new Vector3());
    return meeting ? this.#space.worldToLocal(meeting).toArray() : null;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #radius(): number {
    return 1 / this.#space.scale.x;
  }

  #show(frame: SceneFrame): void {
    const isFirst = this.#frame?.dir !== frame.dir;
    if (isFirst) this.#clear();
    this.#frame = frame;
    const before = isFirst ? null : this.#extents[1];
    this.points.setPlaces(frame);
    const extent = extentOf(frame.positions, frame.measured, frame.count);
    this.#extents = [before ?? extent, extent];
    this.#nameClasses(isFirst ? 'put' : 'move');
    this.#tracePath(isFirst ? 'put' : 'move');
    for (const mark of latentMarks) this.#placeMark(mark, isFirst ? 'put' : 'move');
    this.#movement.start(performance.now(), isFirst || !this.#flies ? 0 : this.#theme?.cloudMs ?? 0);
    this.#blend();
    this.#thumbnails?.follow();
    this.#changePoints();
  }

  #clear(): void {
    this.#frame = null;
    this.#next = null;
    this.#movement.start(0, 0);
    this.points.clear();
    this.#changePoints();
  }

  /** A step of the movement; true while there is more to come. */
  #advance(now: number): boolean {
    if (this.#movement.isRunning) {
      this.#movement.advance(now);
      this.#blend();
      if (!this.#movement.isRunning && this.#next) {
        const next = this.#next;
        this.#next = null;
        this.#show(next);
      } else if (!this.#movement.isRunning) this.#chooseThumbnails();
    }
    this.#thumbnails?.refresh();
    this.points.setView(this.stage.pixelRatio, this.stage.homeDistance, this.stage.targetDistance);
    this.picker.invalidate();
    return this.#movement.isRunning;
  }

  #blend(): void {
    const t = this.#movement.value;
    this.points.blend(t);
    this.names.blend(t);
    this.#thumbnails?.blend(t);
    this.trajectory.blend(t);
    for (const mark of latentMarks) this.#marks[mark].places.blend(t);
    const [from, to] = this.#extents;
    // Equal steps of the radius look equal as ratios.
    const radius = from.radius * (to.radius / from.radius) ** t;
    this.#space.scale.setScalar(1 / radius);
    for (const [i, axis] of axes.entries()) this.#space.position[axis] = -(from.center[i]! + (to.center[i]! - from.center[i]!) * t) / radius;
  }

  #nameClasses(how: 'move' | 'put'): void {
    this.#classes = classCenters(this.points.to, this.points.labels, this.points.shown, this.points.count);
    this.names[how](this.#classes.centers);
  }

  #tracePath(how: 'move' | 'put'): void {
    const path = this.#ends && this.#frame ? samplePath(pathBetween(this.#ends.kind, this.#ends.from, this.#ends.to), pathSteps) : null;
    this.trajectory.set(path && this.#frame ? placesOf(this.#frame, path) : new Float32Array(0), how);
  }

  #placeMark(mark: LatentMark, how: 'move' | 'put'): void {
    const { latent, places } = this.#marks[mark];
    places[how](latent && this.#frame ? placesOf(this.#frame, latent) : new Float32Array(0));
  }

  #changePoints(): void {
    this.picker.invalidate();
    this.#chooseThumbnails();
    this.events.onPoints(this.points.drawn);
    this.stage.invalidate();
  }

  /** Which items have a picture is decided when the view comes to rest; while it moves, the same ones move along. */
  #chooseThumbnails(): void {
    if (!this.#thumbnails) return;
    const { width, height } = this.stage;
    this.picker.invalidate();
    const foremost = declutter(this.picker.screen(), this.points.count, width, height, this.#thumbnails.cell, mostThumbnails);
    this.#thumbnails.show(foremost.reverse());
    this.stage.invalidate();
  }

  #setTheme(theme: SceneTheme): void {
    this.#theme = theme;
    for (const part of [this.stage, this.points, this.#floor, this.trajectory, this.#thumbnails]) part?.setTheme(theme);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.stage.resize(clientWidth, clientHeight, Math.min(mostPixelRatio, devicePixelRatio));
    this.#measure();
    this.#chooseThumbnails();
  }

  #measure(): void {
    const { width, height, pixelRatio } = this.stage;
    for (const part of [this.trajectory, this.#thumbnails]) part?.setView(width * pixelRatio, height * pixelRatio, pixelRatio);
  }

  #project(place: Vector3, target: ScreenPlace): void {
    const { elements: m } = this.stage.matrixOf(this.#space);
    const { x, y, z } = place;
    const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!;
    target.x = ((m[0]! * x + m[4]! * y + m[8]! * z + m[12]!) / w + 1) * 0.5 * this.stage.width;
    target.y = (1 - (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!) / w) * 0.5 * this.stage.height;
    target.distance = w;
  }
}

const unit: Extent = { center: [0, 0, 0], radius: 1 };
const axes = ['x', 'y', 'z'] as const;
