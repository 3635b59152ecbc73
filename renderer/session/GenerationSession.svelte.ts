import type { ImageFormat } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { GeneratedImages, SampleRequest } from '../../shared/measuring.js';
import { isVariational } from '../../shared/objective.js';
import { ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { LatentEnd, Origin } from './ends.js';
import { gridLatents, smallestGrid, type GridShape } from './priorGrid.js';
import type { InspectorSession } from './InspectorSession.svelte.js';
import { LatestRequest } from './LatestRequest.js';
import type { Notices } from './Notices.svelte.js';
import { reached } from './reached.js';
import { sortByUse } from './sortByUse.js';

/** Where latents come from. */
export type GenerationMode = 'prior' | 'between' | 'grid';

export interface GenerationSettings {
  readonly mode: GenerationMode;
  /** Images of `prior` and `between`, the two centroids of the latter included. */
  readonly count: number;
  readonly seed: number;
  /** Names of two classes. */
  readonly between: readonly [string, string];
  /** See `SampleRequest`. */
  readonly spread: number;
  /** The two dimensions of the grid, from left to right and from top to bottom. */
  readonly dimensions: readonly [number, number];
  /** What the other dimensions of the grid are: zero, or those of the item that is inspected. */
  readonly rest: 'zero' | 'selected';
}

/** Why nothing can be generated at present. */
export type GenerationObstacle = 'noWeights' | 'noPrior' | 'noClasses' | 'oneDimension' | 'noItem';

/** A decoded image and its latent. */
interface Picture {
  /** height x width x channels bytes. */
  readonly bytes: Uint8Array;
  readonly latent: Float32Array;
}

export interface GeneratedImage {
  readonly bytes: Uint8Array;
  /** An image is recognised by its own. */
  readonly end: LatentEnd;
}

/** Generated images; between two classes, from the centroid of the one to that of the other. */
export interface Generated {
  readonly mode: GenerationMode;
  readonly format: ImageFormat;
  readonly images: readonly GeneratedImage[];
  /** Of a grid: its images are row by row. */
  readonly grid: GridShape | null;
}

interface Wanted {
  readonly mode: GenerationMode;
  /** Null in the grid, whose latents are known. */
  readonly sample: SampleRequest | null;
  readonly grid: { readonly shape: GridShape; readonly latents: Float32Array } | null;
}

/** What came of it, with the typicality that sampling brings along; that of a grid has to be asked for. */
interface Made {
  readonly format: ImageFormat;
  readonly pictures: readonly Picture[];
  readonly typicality: Float32Array | null;
}

export const mostGenerated = 200;
/** One of either class. */
const centroids = 2;

/** Images decoded from latents that belong to no item, and how far each lies from the training images. */
export class GenerationSession implements Disposable {
  readonly #notices: Notices;
  readonly #inspector: InspectorSession;
  readonly #spec: Pick<RunSpec, 'model' | 'objective'>;
  readonly #kl: () => readonly number[] | null;
  readonly #make: LatestRequest<Wanted, Made>;
  readonly #judge: LatestRequest<Float32Array, Float32Array | null>;
  #settings: GenerationSettings;
  #generated = $state.raw<Generated | null>(null);
  #typicality = $state.raw<Float32Array | null>(null);
  #isMaking = $state(false);
  #hadGrid = false;
  #shape = $state.raw<GridShape>(smallestGrid);

  readonly #wanted: Wanted | null = $derived.by(() => (this.obstacle === null ? this.#describe() : null));

  /** @param kl KL of each dimension over the last epoch, nats; null before the first has ended */
  constructor(
    { studio }: Gateway,
    notices: Notices,
    inspector: InspectorSession,
    run: { readonly dir: string; readonly spec: Pick<RunSpec, 'model' | 'objective'>; readonly classes: readonly string[] },
    kl: () => readonly number[] | null,
  ) {
    this.#notices = notices;
    this.#inspector = inspector;
    this.#spec = run.spec;
    this.#kl = kl;
    this.classes = run.classes;
    const mode = this.hasPrior ? 'prior' : 'between';
    const between = [run.classes[0] ?? '', run.classes[1] ?? ''] as const;
    this.#settings = $state.raw({ mode, count: 24, seed: 0, between, spread: 0.5, dimensions: [0, 1], rest: 'zero' });
    this.#make = new LatestRequest((wanted) => make(studio, run.dir, wanted), (answer, wanted) => this.#take(answer, wanted));
    this.#judge = new LatestRequest((latents) => reached(studio.typicality(run.dir, latents)), (answer) => {
      if (this.#isGood(answer)) this.#typicality = answer.value;
    });
  }

  /** Names of the classes of the dataset. */
  readonly classes: readonly string[];

  get settings(): GenerationSettings {
    return this.#settings;
  }
  /** An autoencoder has none: nothing says where its latents lie. */
  get hasPrior(): boolean {
    return isVariational(this.#spec.objective);
  }
  get latent(): number {
    return this.#spec.model.latent;
  }
  get obstacle(): GenerationObstacle | null {
    const { mode, rest } = this.#settings;
    if (mode !== 'between' && !this.hasPrior) return 'noPrior';
    if (mode === 'between' && this.classes.length < 2) return 'noClasses';
    if (mode === 'grid' && this.latent < 2) return 'oneDimension';
    if (!this.#inspector.hasWeights) return 'noWeights';
    return mode === 'grid' && rest === 'selected' && !this.#inspector.encoding ? 'noItem' : null;
  }
  /** What is to be generated now; to be given to `ask` whenever it changes, for as long as somebody looks. Null while there is an obstacle. */
  get wanted(): Wanted | null {
    return this.#wanted;
  }
  /** The last images that came; those of another mode are none. */
  get generated(): Generated | null {
    return this.#generated?.mode === this.#settings.mode ? this.#generated : null;
  }
  /** Of each of them, see `GeneratedImages`; null while it is not known, and for an autoencoder. */
  get typicality(): Float32Array | null {
    return this.generated ? this.#typicality : null;
  }
  get isMaking(): boolean {
    return this.#isMaking;
  }
  /** Which of them is being inspected; null when none is. */
  get chosen(): number | null {
    const subject = this.#inspector.subject;
    const at = subject ? (this.generated?.images.findIndex(({ end }) => end === subject) ?? -1) : -1;
    return at < 0 ? null : at;
  }

  change(change: Partial<GenerationSettings>): void {
    if (change.mode === 'grid' && !this.#hadGrid) {
      // What the model says most with is what a grid shows first; later that stays as it is.
      this.#hadGrid = true;
      const [across = 0, down = 1] = sortByUse(this.latent, this.#kl());
      this.#settings = { ...this.#settings, dimensions: [across, down] };
    }
    this.#settings = { ...this.#settings, ...change };
  }
  /** So many columns and rows of a grid fit. */
  setRoom(shape: GridShape): void {
    if (shape.columns !== this.#shape.columns || shape.rows !== this.#shape.rows) this.#shape = shape;
  }
  /** Draws others. */
  drawAgain(): void {
    this.change({ seed: this.#settings.seed + 1 });
  }

  ask(wanted: Wanted | null): void {
    if (!wanted) return;
    this.#isMaking = true;
    this.#make.request(wanted);
  }

  /** Shows an image in the cloud and the Inspector. */
  choose(image: number): void {
    const chosen = this.generated?.images[image];
    if (chosen) this.#inspector.showPlace(chosen.end);
  }

  dispose(): void {
    this.#make.drop();
    this.#judge.drop();
  }

  #describe(): Wanted {
    const { mode, count, seed, between, spread, dimensions, rest } = this.#settings;
    if (mode === 'prior') return { mode, sample: { count, seed }, grid: null };
    if (mode === 'between') return { mode, sample: { count: Math.max(1, count - centroids), seed, between, spread }, grid: null };
    const base = (rest === 'selected' ? this.#inspector.encoding?.mean : null) ?? new Float32Array(this.latent);
    return { mode, sample: null, grid: { shape: this.#shape, latents: gridLatents(base, dimensions, this.#shape) } };
  }

  #take(answer: Result<Made, Failure>, { mode, sample, grid }: Wanted): void {
    this.#isMaking = false;
    if (!this.#isGood(answer)) return;
    const { format, pictures, typicality } = answer.value;
    const images = pictures.map(({ bytes, latent }, i): GeneratedImage => ({ bytes, end: { kind: 'latent', latent, origin: originOf(i, pictures.length, sample) } }));
    this.#generated = { mode, format, images, grid: grid && grid.shape };
    this.#typicality = typicality;
    this.#judge.drop();
    if (grid) this.#judge.request(grid.latents);
  }

  #isGood<T>(answer: Result<T, Failure>): answer is { readonly ok: true; readonly value: T } {
    if (!answer.ok) this.#notices.fail('generation', answer.error);
    else if (this.#notices.of('generation')?.kind === 'error') this.#notices.clear('generation');
    return answer.ok;
  }
}

/** Between two classes the first and the last are their centroids; the others are counted from 1. */
function originOf(image: number, count: number, sample: SampleRequest | null): Origin {
  if (!sample?.between) return { kind: 'generated', number: image + 1 };
  const [first, last] = sample.between;
  if (image === 0) return { kind: 'centroid', of: first };
  return image === count - 1 ? { kind: 'centroid', of: last } : { kind: 'generated', number: image };
}

async function make(studio: Gateway['studio'], dir: string, { sample, grid }: Wanted): Promise<Result<Made, Failure>> {
  if (grid) {
    const decoded = await reached(studio.decode(dir, grid.latents));
    return decoded.ok ? ok({ format: decoded.value.format, pictures: picturesOf(decoded.value.images, grid.latents, decoded.value.count), typicality: null }) : decoded;
  }
  const drawn = await reached(studio.sample(dir, sample!));
  if (!drawn.ok || !sample!.between) return drawn.ok ? ok(madeOf(drawn.value)) : drawn;
  // Without a spread, the first and the last of two are the centroids themselves.
  const ends = await reached(studio.sample(dir, { ...sample!, count: centroids, spread: 0 }));
  return ends.ok ? ok(flank(madeOf(drawn.value), madeOf(ends.value))) : ends;
}

function madeOf({ format, images, latents, count, typicality }: GeneratedImages): Made {
  return { format, pictures: picturesOf(images, latents, count), typicality };
}

/** Puts the images between two others. */
function flank({ format, pictures, typicality }: Made, { pictures: [first, last], typicality: outer }: Made): Made {
  return {
    format,
    pictures: [first!, ...pictures, last!],
    typicality: typicality && outer ? Float32Array.of(outer[0]!, ...typicality, outer[1]!) : null,
  };
}

function picturesOf(images: Uint8Array, latents: Float32Array, count: number): Picture[] {
  const [bytes, latent] = [images.length / count, latents.length / count];
  return Array.from({ length: count }, (_, i) => ({
    bytes: images.subarray(i * bytes, (i + 1) * bytes),
    latent: latents.subarray(i * latent, (i + 1) * latent),
  }));
}
