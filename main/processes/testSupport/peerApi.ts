/** What the process of `testEntries/peer.ts` answers. */
export interface PeerApi {
  echo(value: unknown): Promise<unknown>;
  never(): Promise<void>;
  throws(message: string): Promise<void>;
  /** Ends the process with status 3, without an answer. */
  crash(): Promise<void>;
  /** Answers, then throws where nobody catches. */
  fail(): Promise<void>;
  /** Blocks the thread. */
  block(ms: number): Promise<void>;
  print(text: string): Promise<void>;
  facts(): Promise<{ pid: number; priority: number; args: string[]; marker: string | null }>;
  /** Names of the peers that it is joined to. */
  peers(): Promise<string[]>;
  /** Asks another peer for an echo. */
  ask(peer: string, value: unknown): Promise<unknown>;
  /** Asks another peer for what never comes and gives back the name of the error. */
  askNever(peer: string): Promise<string>;
}
