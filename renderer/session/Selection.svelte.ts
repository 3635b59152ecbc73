/** The item that is ringed in the cloud and that the keys A, B and N speak of. */
export class Selection {
  #item = $state.raw<number | null>(null);

  /** @param onselect is told of each selection, also of the item that is selected already */
  constructor(private readonly onselect: (item: number | null) => void = () => undefined) {}

  get item(): number | null {
    return this.#item;
  }

  select(item: number | null): void {
    this.#item = item;
    this.onselect(item);
  }
}
