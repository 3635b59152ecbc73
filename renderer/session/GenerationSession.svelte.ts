import type { DecodedImages } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { normalQuantile } from '../../shared/latent/normal.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { SampleRequest } from '../../shared/measuring.js';
import { ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { InspectorSession } from './InspectorSession.svelte.js';
import { LatestRequest } from './LatestRequest.js';
import type { Notices } from './Notices.svelte.js';
import { Paced } from './Paced.js';
import { reached } from './reached.js';
import { sortByUse } from './sortByUse.js';

/** Where latents come from. */
export type GenerationMode = 'prior' | 'between' | 'grid';

export interface GenerationSettings {
  readonly mode: GenerationMode;
  /** Images of `prior` and `between`. */
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

/** Generated images and their latents. */
export interface Generated extends DecodedImages {
  readonly mode: GenerationMode;
  /** One an image, views of one array: an image is recognised by its own. */
  readonly latents: readonly Float32Array[];
}

interface Wanted {
  readonly mode: GenerationMode;
  /** Null in the grid, whose latents are known. */
  readonly sample: SampleRequest | null;
  readonly latents: Float32Array | null;
}

/** What came of it, with the typicality that sampling brings along; undefined where it has to be asked for. */
interface Made {
  readonly images: DecodedImages;
  readonly latents: Float32Array;
  readonly typicality?: Float32Array | null;
}

/** Marks of the grid in either direction, equally far apart by the part of the prior between them. */
export const gridQuantiles: readonly number[] = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
const gridValues = gridQuantiles.map(normalQuantile);
export const mostGenerated = 200;
/** To say how typical latents are, the studio encodes images: while weights change each second, no more often than this. Milliseconds. */
const typicalityMs = 5000;

/** Images decoded from latents that belong to no item, and how far each lies from the training images. */
export class GenerationSession implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #notices: Notices;
  readonly #inspector: InspectorSession;
  readonly #spec: Pick<RunSpec, 'model' | 'objective'>;
  readonly #kl: () => readonly number[] | null;
  readonly #make: LatestRequest<Wanted, Made>;
  readonly #judge: LatestRequest<Float32Array, Float32Array | null>;
  readonly #judging = this.#owned.add(new Paced(() => this.#askTypicality(), typicalityMs));
  #settings: GenerationSettings;
  #generated = $state.raw<Generated | null>(null);
  #typicality = $state.raw<Float32Array | null>(null);
  #isMaking = $state(false);
  #hadGrid = false;

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
    this.#make = new LatestRequest((wanted) => make(studio, run.dir, wanted), (answer, { mode }) => this.#take(answer, mode));
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
    return this.#spec.objective === 'vae' || this.#spec.objective === 'kl-only';
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
    const at = subject?.kind === 'place' ? (this.generated?.latents.indexOf(subject.latent) ?? -1) : -1;
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
    const latent = this.generated?.latents[image];
    if (latent) this.#inspector.showPlace(latent);
  }

  dispose(): void {
    this.#owned.dispose();
    this.#make.drop();
    this.#judge.drop();
  }

  #describe(): Wanted {
    const { mode, count, seed, between, spread, dimensions, rest } = this.#settings;
    if (mode === 'prior') return { mode, sample: { count, seed }, latents: null };
    if (mode === 'between') return { mode, sample: { count, seed, between, spread }, latents: null };
    const base = (rest === 'selected' ? this.#inspector.encoding?.mean : null) ?? new Float32Array(this.latent);
    return { mode, sample: null, latents: gridLatents(base, dimensions) };
  }

  #take(answer: Result<Made, Failure>, mode: GenerationMode): void {
    this.#isMaking = false;
    if (!this.#isGood(answer)) return;
    const { images, latents, typicality } = answer.value;
    const size = latents.length / images.count;
    this.#generated = { ...images, mode, latents: Array.from({ length: images.count }, (_, row) => latents.subarray(row * size, (row + 1) * size)) };
    this.#typicality = typicality ?? null;
    this.#judge.drop();
    if (typicality === undefined) this.#judging.ask();
  }

  #askTypicality(): void {
    const latents = this.#generated?.latents[0];
    if (latents && this.#generated?.mode === 'grid') this.#judge.request(new Float32Array(latents.buffer));
  }

  #isGood<T>(answer: Result<T, Failure>): answer is { readonly ok: true; readonly value: T } {
    if (!answer.ok) this.#notices.fail('generation', answer.error);
    else if (this.#notices.of('generation')?.kind === 'error') this.#notices.clear('generation');
    return answer.ok;
  }
}

/** The latents of a grid, row by row: two dimensions at the quantiles of the prior (Kingma & Welling 2014, figure 4), the others those of `base`. */
export function gridLatents(base: Float32Array, [across, down]: readonly [number, number]): Float32Array {
  const side = gridValues.length;
  const latents = new Float32Array(side * side * base.length);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += base.length) {
      latents.set(base, at);
      latents[at + across] = gridValues[column]!;
      // Upwards as on paper: the greatest value is the first row.
      latents[at + down] = gridValues[side - 1 - row]!;
    }
  }
  return latents;
}

async function make(studio: Gateway['studio'], dir: string, { sample, latents }: Wanted): Promise<Result<Made, Failure>> {
  if (sample) {
    const drawn = await reached(studio.sample(dir, sample));
    return drawn.ok ? ok({ images: drawn.value, latents: drawn.value.latents, typicality: drawn.value.typicality }) : drawn;
  }
  const decoded = await reached(studio.decode(dir, latents!));
  return decoded.ok ? ok({ images: decoded.value, latents: latents! }) : decoded;
}
