/** What an owner asks of a process over its control connection; small messages only. */
export interface ControlledApi {
  /** Waits at a socket address for the one peer of that name; resolves when it can be dialled. */
  listen(peer: string, address: string): Promise<void>;
  /** Connects to a socket address, where the peer of that name listens. */
  dial(peer: string, address: string): Promise<void>;
  /** Finish what was promised and exit. */
  stop(): void;
}

/** What a process tells its owner. */
export interface OwnerControlApi {
  /** The entry has loaded and takes connections. */
  ready(): void;
}
