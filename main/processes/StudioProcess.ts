import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { StudioProcesses } from '../studio/studioProcesses.js';
import { BrokeredProcesses } from './BrokeredProcesses.js';
import { deferred } from './deferred.js';
import type { Entry } from './entryProcess.js';
import { StudioClients } from './StudioClients.js';

/** The names under which the owner joins a studio process to itself and to its clients; every other name is a neighbour's. */
export const ownerPeer = 'owner';
export const clientPeer = 'client';

/** What the studio process runs. */
export interface ServedStudio extends StudioApi, Disposable {
  /** Called once, before the first call is served. */
  reattach(): Promise<void>;
}

/** The studio: serves any number of clients, and is joined to its owner first of all. */
export class StudioProcess implements Entry {
  readonly #create: (options: { processes: StudioProcesses; emit(event: StudioEvent): void }) => ServedStudio;
  readonly #ready = deferred<ServedStudio>();
  readonly #clients = new StudioClients();
  #processes: BrokeredProcesses | null = null;
  #studio: ServedStudio | null = null;
  /** What was said before the first client came, metrics apart, which are in their file. */
  #early: StudioEvent[] | null = [];

  constructor(create: (options: { processes: StudioProcesses; emit(event: StudioEvent): void }) => ServedStudio) {
    this.#create = create;
  }

  accept(peer: string, transport: Transport): void {
    if (peer === ownerPeer) void this.#begin(transport);
    else if (peer === clientPeer) void this.#serve(transport);
    else if (this.#processes) this.#processes.accept(peer, transport);
    else transport.close();
  }

  /** Runs and imports are processes of their own, which the owner stops. */
  stop(): Promise<void> {
    this.#studio?.dispose();
    return Promise.resolve();
  }

  async #begin(owner: Transport): Promise<void> {
    this.#processes = new BrokeredProcesses(owner);
    this.#studio = this.#create({ processes: this.#processes, emit: (event) => this.#emit(event) });
    await this.#studio.reattach();
    this.#ready.resolve(this.#studio);
  }

  async #serve(transport: Transport): Promise<void> {
    const studio = await this.#ready.promise;
    this.#clients.serve(studio, transport, this.#early ?? []);
    this.#early = null;
  }

  #emit(event: StudioEvent): void {
    if (event.kind !== 'metrics') this.#early?.push(event);
    this.#clients.send(event);
  }
}
