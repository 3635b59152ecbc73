import type { DecodedImages, Encoding, Neighbours } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { End, LatentEnd } from './ends.js';
import type { History } from './History.svelte.js';
import { LatestRequest } from './LatestRequest.js';
import type { Notices } from './Notices.svelte.js';
import { Paced } from './Paced.js';
import { reached } from './reached.js';

/** Latent dimensions that sliders have moved, and where to. */
export type Edits = ReadonlyMap<number, number>;

/** A latent, and what it is made of. */
interface Edited {
  readonly base: Float32Array;
  readonly edits: Edits;
  readonly latent: Float32Array;
}

const untouched: Edits = new Map();
/** Neighbours that are shown. */
const shownNeighbours = 6;
/** Newer weights are looked at this often at most, milliseconds. */
const renewalMs = 1000;
/** To say how typical a latent is, the studio encodes images: for newer weights alone, no more often than this. Milliseconds. */
const typicalityMs = 5000;

/**
 * What the Inspector shows: an item's encoding or a place in the cloud, and its latent as the sliders have moved it.
 *
 * Newer weights encode the item anew. A dimension that was moved stays where the person put it, the others follow the encoding: a
 * slider never moves away under its owner. Edits belong to their subject; inspecting something else forgets them, undoing brings
 * back both.
 */
export class InspectorSession {
  readonly #owned = new DisposableStore();
  readonly #select: (item: number) => void;
  readonly #history: History;
  readonly #notices: Notices;
  #hasWeights = $state(false);
  #subject = $state.raw<End | null>(null);
  /** The last encoding that came, and of which item: until the next one is here the last one stays, so that nothing flickers. */
  #encoded = $state.raw<{ readonly item: number; readonly encoding: Encoding } | null>(null);
  #edits = $state.raw<Edits>(untouched);
  #decoded = $state.raw<Uint8Array | null>(null);
  /** Items near a latent, the last that came. */
  #near = $state.raw<{ readonly of: Float32Array; readonly found: Neighbours } | null>(null);
  #judged = $state.raw<{ readonly of: Edited; readonly typicality: number | null } | null>(null);
  /** Items that `selectNextNeighbour` came through, so that it does not go back and forth between two. */
  readonly #walked = new Set<number>();
  /** Edits before the slider was touched; null while none is. */
  #before: Edits | null = null;

  readonly #encode: LatestRequest<number, Encoding>;
  readonly #decode: LatestRequest<Float32Array, DecodedImages>;
  readonly #findNear: LatestRequest<Float32Array, Neighbours>;
  readonly #judge: LatestRequest<Edited, Float32Array | null>;
  readonly #judging = this.#owned.add(new Paced(() => this.#askTypicality(), typicalityMs));
  readonly #renewal = this.#owned.add(new Paced(() => this.#ask(), renewalMs));

  readonly #base: Float32Array | null = $derived(this.#subject?.kind === 'latent' ? this.#subject.latent : (this.encoding?.mean ?? null));
  readonly #latent: Float32Array | null = $derived.by(() => {
    if (!this.#base || this.#edits.size === 0) return this.#base;
    const latent = this.#base.slice();
    for (const [dimension, value] of this.#edits) latent[dimension] = value;
    return latent;
  });

  readonly #end: End | null = $derived.by(() => {
    if (!this.isEdited) return this.#subject;
    if (!this.#latent || !this.#isEncoded) return null;
    return { kind: 'latent', latent: this.#latent, origin: this.item === null ? { kind: 'place' } : { kind: 'edited', item: this.item } };
  });

  /** @param select selects an item everywhere; it comes back by `show` */
  constructor({ studio }: Gateway, notices: Notices, history: History, dir: string, select: (item: number) => void) {
    this.#notices = notices;
    this.#history = history;
    this.#select = select;
    this.#encode = new LatestRequest((item) => reached(studio.encode(dir, { kind: 'item', item })), (answer, item) => this.#takeEncoding(answer, item));
    this.#decode = new LatestRequest((latent) => reached(studio.decode(dir, latent)), (answer) => {
      if (this.#isGood(answer)) this.#decoded = answer.value.images;
    });
    // The item itself is its own nearest neighbour.
    this.#findNear = new LatestRequest((latent) => reached(studio.neighbours(dir, latent, shownNeighbours + 1)), (answer, latent) => {
      if (this.#isGood(answer)) this.#near = { of: latent, found: answer.value };
    });
    this.#judge = new LatestRequest(({ latent }) => reached(studio.typicality(dir, latent)), (answer, of) => {
      if (this.#isGood(answer)) this.#judged = { of, typicality: answer.value?.[0] ?? null };
    });
  }

  /** False until the run's first weights are there: nothing can be encoded or decoded before. */
  get hasWeights(): boolean {
    return this.#hasWeights;
  }
  /** What is inspected, as it was before any edit. */
  get subject(): End | null {
    return this.#subject;
  }
  /** The item that is inspected; null for a place or nothing. */
  get item(): number | null {
    return this.#subject?.kind === 'item' ? this.#subject.item : null;
  }
  /** Encoding of the item under the newest weights; for a moment after another item was selected, still the last one's. */
  get encoding(): Encoding | null {
    return this.#subject?.kind === 'item' ? (this.#encoded?.encoding ?? null) : null;
  }
  /** The latent before any edit: the encoded mean, or the place. */
  get base(): Float32Array | null {
    return this.#base;
  }
  /** The latent that is decoded: the base with the edits. */
  get latent(): Float32Array | null {
    return this.#latent;
  }
  /** Whether a slider has been moved. */
  get isEdited(): boolean {
    return this.#edits.size > 0;
  }
  get edits(): Edits {
    return this.#edits;
  }
  /** What it would be as an end of a morph: the subject, or its latent as it was edited; null for nothing. */
  get end(): End | null {
    return this.#end;
  }
  /** What the latent decodes to; null until it is here. */
  get image(): Uint8Array | null {
    const reconstruction = this.encoding?.reconstruction ?? null;
    return this.isEdited || !reconstruction ? (this.#decoded ?? reconstruction) : reconstruction;
  }
  /**
   * How far a latent that belongs to no item lies from the training images (`GeneratedImages.typicality`), null for an autoencoder, which has
   * no posterior; undefined while it is not known or the latent is an item's own.
   */
  get typicality(): number | null | undefined {
    return this.#judged && this.#judged.of.base === this.#base && this.#judged.of.edits === this.#edits ? this.#judged.typicality : undefined;
  }
  /** The nearest other items with their distances from the base, nearest first; null until they are here. */
  get neighbours(): readonly { readonly item: number; readonly distance: number }[] | null {
    if (!this.#near) return null;
    const { items, distances } = this.#near.found;
    return Array.from(items, (item, i) => ({ item, distance: distances[i]! }))
      .filter(({ item }) => item !== this.item)
      .slice(0, shownNeighbours);
  }
  /** Whether encoding and neighbours are those of what is inspected, no longer those of what was before it. */
  get isCurrent(): boolean {
    return this.#isEncoded && this.#near !== null && this.#near.of === this.#base;
  }

  /** Inspects an item, or nothing. */
  show(item: number | null): void {
    if (item !== null && item === this.item) return;
    this.#walked.clear();
    this.#inspect(item === null ? null : { kind: 'item', item });
  }

  /** Shows a latent that belongs to no item, until something is selected. */
  showPlace(place: LatentEnd): void {
    this.#inspect(place);
  }

  /** Goes on where a window before this one stood, after its item was shown; not to be undone. */
  takeUp(place: LatentEnd | null, edits: Edits): void {
    this.#inspect(place ?? this.#subject, edits);
  }

  /** Selects the nearest other item; again and again, one that was not selected this way before. */
  selectNextNeighbour(): void {
    // Those of the item before are of no use.
    if (!this.neighbours || !this.isCurrent) return;
    const next = this.neighbours.find(({ item }) => !this.#walked.has(item)) ?? this.neighbours[0];
    if (!next) return;
    const walked = [...this.#walked, ...(this.item === null ? [] : [this.item])];
    this.#select(next.item);
    for (const item of walked) this.#walked.add(item);
  }

  /** Moves one dimension; `commit` ends the movement. */
  edit(dimension: number, value: number): void {
    if (!this.#base || !this.#isEncoded) return;
    this.#before ??= this.#edits;
    this.#renewal.hold();
    this.#judging.hold();
    this.#setEdits(new Map(this.#edits).set(dimension, value));
  }

  /** The slider has been let go: what it did since it was touched is one thing to undo. */
  commit(): void {
    if (this.#before) this.#record(this.#before);
    this.#before = null;
    this.#renewal.release();
    this.#judging.release();
  }

  /** Returns one dimension to the encoded value. */
  resetDimension(dimension: number): void {
    const left = new Map(this.#edits);
    if (left.delete(dimension)) this.#change(left);
  }

  /** Returns all dimensions to the encoded latent. */
  reset(): void {
    if (this.isEdited) this.#change(untouched);
  }

  /** There are newer weights (or the first ones): looked at once a second at most and not while a slider is being moved. */
  renew(): void {
    this.#hasWeights = true;
    this.#renewal.ask();
  }

  /** The latent with what it belongs to, for the clipboard; null when there is none. */
  latentAsJson(run: string): string | null {
    if (!this.#latent || !this.#isEncoded) return null;
    const step = this.encoding?.step ?? null;
    return JSON.stringify({ run, step, item: this.item, latent: [...this.#latent] });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#drop();
  }

  /** Whether the encoding is that of the item that is inspected. */
  get #isEncoded(): boolean {
    return this.#subject?.kind === 'latent' || this.#encoded?.item === this.item;
  }

  #inspect(subject: End | null, edits: Edits = untouched): void {
    if (this.#before) this.commit();
    this.#drop();
    this.#judging.restart();
    this.#subject = subject;
    this.#edits = edits;
    this.#decoded = null;
    // What was said was said of the subject before.
    if (this.#notices.of('inspector')) this.#notices.clear('inspector');
    if (!subject) this.#encoded = this.#near = null;
    else if (this.#hasWeights) this.#ask();
  }

  #ask(): void {
    if (this.#subject?.kind === 'item') return this.#encode.request(this.#subject.item);
    if (this.#subject) this.#findNear.request(this.#subject.latent);
    this.#decodeLatent();
  }

  #takeEncoding(answer: Result<Encoding, Failure>, item: number): void {
    if (!this.#isGood(answer)) return;
    this.#encoded = { item, encoding: answer.value };
    this.#findNear.request(answer.value.mean);
    if (this.isEdited) this.#decodeLatent();
  }

  #decodeLatent(): void {
    if (!this.#latent || !this.#hasWeights || !this.#isEncoded) return;
    this.#decode.request(this.#latent);
    this.#judging.ask();
  }

  #askTypicality(): void {
    if (!this.#base || !this.#latent || !(this.isEdited || this.#subject?.kind === 'latent')) return;
    this.#judge.request({ base: this.#base, edits: this.#edits, latent: this.#latent });
  }

  #change(edits: Edits): void {
    const before = this.#edits;
    this.#setEdits(edits);
    this.#record(before);
  }

  #setEdits(edits: Edits): void {
    this.#edits = edits;
    this.#judging.restart();
    if (this.isEdited || this.#subject?.kind === 'latent') return this.#decodeLatent();
    this.#decode.drop();
    this.#decoded = null;
  }

  #record(before: Edits): void {
    const subject = this.#subject;
    const after = this.#edits;
    this.#history.record({ undo: () => this.#restore(subject, before), redo: () => this.#restore(subject, after) });
  }

  /** Shows the subject again whose latent was edited, as it was. */
  #restore(subject: End | null, edits: Edits): void {
    if (subject?.kind === 'item') this.#select(subject.item);
    else if (subject !== this.#subject) this.#inspect(subject);
    this.#setEdits(edits);
  }

  #drop(): void {
    this.#encode.drop();
    this.#decode.drop();
    this.#findNear.drop();
    this.#judge.drop();
  }

  #isGood<T>(answer: Result<T, Failure>): answer is { readonly ok: true; readonly value: T } {
    if (!answer.ok) this.#notices.fail('inspector', answer.error);
    else if (this.#notices.of('inspector')?.kind === 'error') this.#notices.clear('inspector');
    return answer.ok;
  }
}
