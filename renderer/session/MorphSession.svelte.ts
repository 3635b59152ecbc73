import type { DecodedImages, Morph, PathKind } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { pathBetween, type LatentPath } from '../../shared/latent/paths.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import type { Gateway } from '../gateway/Gateway.js';
import { advance, nextFrame, type Playhead } from './backAndForth.js';
import { isSameEnd, joinLatents, morphEnd, type End } from './ends.js';
import type { History } from './History.svelte.js';
import { LatestRequest } from './LatestRequest.js';
import type { Notices } from './Notices.svelte.js';
import { Paced } from './Paced.js';
import { reached } from './reached.js';

/** What a morph is made of; what can be undone. */
export interface Setup {
  readonly a: End | null;
  readonly b: End | null;
  readonly path: PathKind;
}

/** A morph that is asked for: both ends are there. */
interface Asked extends Setup {
  readonly a: End;
  readonly b: End;
  readonly frames: number;
}

/** A decoded image of the path, and where on it. */
export interface MorphImage {
  /** height x width x channels bytes. */
  readonly bytes: Uint8Array;
  readonly t: number;
}

/** Fewer training images than this near a frame: the decoder has hardly been taught anything there. */
const enoughSupport = 10;
/** Newer weights are looked at this often at most, milliseconds. */
const renewalMs = 1000;
export const fewestFrames = 3;
const mostFrames = 33;

/**
 * The morph bench: two ends, the path between them, and where the slider stands. An item stands for its mean under the newest weights. The
 * film strip comes with its latents, so that the image at the slider is decoded from a latent exactly on the path: at its ends from
 * those of A and B, bit by bit.
 */
export class MorphSession {
  readonly #owned = new DisposableStore();
  readonly #notices: Notices;
  readonly #history: History;
  readonly #make: LatestRequest<Asked, Morph>;
  readonly #decode: LatestRequest<{ readonly latent: Float32Array; readonly t: number }, DecodedImages>;
  readonly #decodeEnds: LatestRequest<readonly Float32Array[], DecodedImages>;
  readonly #renewal = this.#owned.add(new Paced(() => this.#ask(), renewalMs));
  #hasWeights = $state(false);
  #setup = $state.raw<Setup>({ a: null, b: null, path: 'lerp' });
  #wantedFrames = $state(9);
  #room = $state(mostFrames);
  #playhead = $state.raw<Playhead>({ t: 0, direction: 1 });
  #isPlaying = $state(false);
  #made = $state.raw<{ readonly morph: Morph; readonly path: PathKind } | null>(null);
  #image = $state.raw<MorphImage | null>(null);
  /** What the ends that are no items decode to. */
  #endImages = $state.raw<ReadonlyMap<Float32Array, Uint8Array>>(new Map());

  readonly #line: LatentPath | null = $derived.by(() => {
    if (!this.#made) return null;
    const { latents, latent } = this.#made.morph;
    return pathBetween(this.#made.path, latents.subarray(0, latent), latents.subarray(latents.length - latent));
  });
  readonly #latentAtT: Float32Array | null = $derived(this.#line?.(this.#playhead.t) ?? null);

  constructor({ studio }: Gateway, notices: Notices, history: History, dir: string) {
    this.#notices = notices;
    this.#history = history;
    this.#make = new LatestRequest(
      ({ a, b, frames, path }) => reached(studio.morph(dir, morphEnd(a), morphEnd(b), frames, path)),
      (answer, { path }) => {
        if (!this.#isGood(answer)) return;
        this.#made = { morph: answer.value, path };
        this.#decodeHere();
      },
    );
    this.#decode = new LatestRequest(({ latent }) => reached(studio.decode(dir, latent)), (answer, { t }) => {
      if (this.#isGood(answer)) this.#image = { bytes: answer.value.images, t };
    });
    this.#decodeEnds = new LatestRequest((latents) => reached(studio.decode(dir, joinLatents(latents))), (answer, latents) => {
      if (!this.#isGood(answer)) return;
      const { images } = answer.value;
      const size = images.length / latents.length;
      this.#endImages = new Map(latents.map((latent, i) => [latent, images.subarray(i * size, (i + 1) * size)]));
    });
  }

  /** False until the run's first weights are there: nothing can be morphed before. */
  get hasWeights(): boolean {
    return this.#hasWeights;
  }
  /** At t = 0. */
  get a(): End | null {
    return this.#setup.a;
  }
  /** At t = 1. */
  get b(): End | null {
    return this.#setup.b;
  }
  get path(): PathKind {
    return this.#setup.path;
  }
  /** The ends and the path between them. */
  get setup(): Setup {
    return this.#setup;
  }
  get isComplete(): boolean {
    return this.a !== null && this.b !== null;
  }
  /** Frames of the film strip: as many as are wanted and fit. */
  get frames(): number {
    return Math.min(this.#wantedFrames, this.#room);
  }
  /** As many frames as fit at most. */
  get room(): number {
    return this.#room;
  }
  /** 0 at A, 1 at B. */
  get t(): number {
    return this.#playhead.t;
  }
  get isPlaying(): boolean {
    return this.#isPlaying;
  }
  /** The film strip with its latents and support; null until both ends are there. Its latents are drawn as the path in the cloud. */
  get morph(): Morph | null {
    return this.#made?.morph ?? null;
  }
  /** What a latent that is an end decodes to under the newest weights; null while it is not known. */
  imageOf(latent: Float32Array): Uint8Array | null {
    return this.#endImages.get(latent) ?? null;
  }
  /** The latent at the slider; null without a morph. */
  get latentAtT(): Float32Array | null {
    return this.#latentAtT;
  }
  /** The decoded image at the slider, while it moves one from just before; null without a morph. */
  get image(): MorphImage | null {
    return this.#image;
  }
  /** Frames with few training images near them, counted from 1. */
  get thinFrames(): readonly number[] {
    return Array.from(this.morph?.support ?? [], (near, i) => (near < enoughSupport ? i + 1 : 0)).filter((frame) => frame > 0);
  }
  /** The frame nearest to the slider, counted from 0. */
  get nearestFrame(): number {
    return Math.round(this.t * (this.frames - 1));
  }

  setA(end: End | null): void {
    this.#change({ a: end });
  }
  setB(end: End | null): void {
    this.#change({ b: end });
  }
  setEnds(a: End, b: End): void {
    this.#change({ a, b });
  }
  setPath(path: PathKind): void {
    this.#change({ path });
  }
  /** Exchanges the ends; the slider goes along, so that the image at it stays. */
  swap(): void {
    this.#change({ a: this.b, b: this.a });
  }

  /** Goes on where a window before this one stood; not to be undone. */
  takeUp(setup: Setup, t: number): void {
    this.#playhead = { t, direction: 1 };
    this.#apply(setup);
  }

  setFrames(frames: number): void {
    this.#wantedFrames = possibleFrames(frames);
    this.#ask();
  }
  /** So many frames fit beside each other at most. */
  setRoom(frames: number): void {
    const before = this.frames;
    this.#room = possibleFrames(frames);
    if (this.frames !== before) this.#ask();
  }

  /** The slider is taken hold of: nothing else changes until `release`. */
  hold(): void {
    this.#isPlaying = false;
    this.#renewal.hold();
  }
  release(): void {
    this.#renewal.release();
  }
  /** Puts the slider somewhere. */
  scrub(t: number): void {
    this.#isPlaying = false;
    this.#move({ ...this.#playhead, t: Math.min(1, Math.max(0, t)) });
  }

  play(): void {
    this.#isPlaying = this.#made !== null;
  }
  pause(): void {
    this.#isPlaying = false;
  }
  /** Plays on for so many milliseconds. */
  advance(elapsedMs: number): void {
    this.#move(advance(this.#playhead, elapsedMs));
  }
  /** Goes to the next frame, back and forth. */
  showNextFrame(): void {
    this.#isPlaying = false;
    this.#move(nextFrame(this.#playhead, this.frames));
  }

  /** There are newer weights (or the first ones): looked at once a second at most and not while the slider is held. */
  renew(): void {
    this.#hasWeights = true;
    this.#renewal.ask();
  }

  dispose(): void {
    this.#isPlaying = false;
    this.#owned.dispose();
    this.#drop();
    this.#decodeEnds.drop();
  }

  #change(change: Partial<Setup>): void {
    const before = this.#setup;
    const after = { ...before, ...change };
    if (isSameEnd(after.a, before.a) && isSameEnd(after.b, before.b) && after.path === before.path) return;
    this.#apply(after);
    this.#history.record({ undo: () => this.#apply(before), redo: () => this.#apply(after) });
  }

  #apply(setup: Setup): void {
    const isSwap = isSameEnd(setup.a, this.b) && isSameEnd(setup.b, this.a) && !isSameEnd(setup.a, setup.b);
    this.#setup = setup;
    if (isSwap) this.#playhead = { t: 1 - this.t, direction: this.#playhead.direction === 1 ? -1 : 1 };
    if (!this.isComplete) this.#forget();
    this.#ask();
  }

  #forget(): void {
    this.#drop();
    // A slider that goes away while it is held is let go.
    this.#renewal.release();
    this.#made = null;
    this.#image = null;
    this.#isPlaying = false;
  }

  #ask(): void {
    if (!this.#hasWeights) return;
    const { a, b, path } = this.#setup;
    const latents = [a, b].flatMap((end) => (end?.kind === 'latent' ? [end.latent] : []));
    if (latents.length > 0) this.#decodeEnds.request(latents);
    if (a && b) this.#make.request({ a, b, path, frames: this.frames });
  }

  #move(playhead: Playhead): void {
    if (playhead.t === this.t && playhead.direction === this.#playhead.direction) return;
    this.#playhead = playhead;
    this.#decodeHere();
  }

  #decodeHere(): void {
    if (this.#latentAtT) this.#decode.request({ latent: this.#latentAtT, t: this.t });
  }

  #drop(): void {
    this.#make.drop();
    this.#decode.drop();
  }

  #isGood<T>(answer: Result<T, Failure>): answer is { readonly ok: true; readonly value: T } {
    if (!answer.ok) this.#notices.fail('morph', answer.error);
    else if (this.#notices.of('morph')?.kind === 'error') this.#notices.clear('morph');
    return answer.ok;
  }
}

/** The largest number of frames up to `frames` that a strip can have: odd, so that one shows the middle of the path. */
function possibleFrames(frames: number): number {
  const within = Math.min(mostFrames, Math.max(fewestFrames, Math.floor(frames)));
  return within % 2 === 1 ? within : within - 1;
}
