/**
 * A few places that move in step with the cloud: from where they are seen to where they belong now. The arrays (length x 3) are remade
 * only when the number of places changes.
 */
export class MovingPlaces {
  #from: Float32Array = new Float32Array(0);
  #to: Float32Array = new Float32Array(0);
  #seen: Float32Array = new Float32Array(0);

  /** Where they are seen. */
  get seen(): Float32Array {
    return this.#seen;
  }

  get count(): number {
    return this.#seen.length / 3;
  }

  /** Sets off for new places; as many as before, or they are there at once. */
  move(places: Float32Array): void {
    if (places.length === this.#seen.length) this.#from.set(this.#seen);
    else {
      this.#from = places.slice();
      this.#seen = places.slice();
    }
    this.#to = places;
  }

  /** Puts them at once. */
  put(places: Float32Array): void {
    this.move(places);
    this.#from.set(places);
    this.#seen.set(places);
  }

  blend(t: number): void {
    for (let i = 0; i < this.#seen.length; i++) this.#seen[i] = this.#from[i]! + (this.#to[i]! - this.#from[i]!) * t;
  }
}
