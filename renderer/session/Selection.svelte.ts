/** The item that is inspected. */
export class Selection {
  #item = $state.raw<number | null>(null);

  get item(): number | null {
    return this.#item;
  }

  select(item: number | null): void {
    this.#item = item;
  }
}
