import type { Encoding } from '../../shared/contract/studio.js';

/** What the Inspector shows: an item's encoding or a place in the cloud, and the latent as the sliders have moved it. */
export class InspectorSession {
  #encoding = $state.raw<Encoding | null>(null);
  #latent = $state.raw<Float32Array | null>(null);

  /** Encoding of the selected item under the newest weights. */
  get encoding(): Encoding | null {
    return this.#encoding;
  }

  /** The latent that is decoded: the encoded mean, as edited; null when there is nothing to show. */
  get latent(): Float32Array | null {
    return this.#latent;
  }

  /** Shows a latent that belongs to no item: a click on empty space in the cloud. */
  showPlace(latent: Float32Array): void {
    this.#encoding = null;
    this.#latent = latent;
  }
}
