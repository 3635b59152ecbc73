import * as v from 'valibot';
import { checkedCalls, resultCall } from '../../shared/contract/checkedCalls.js';
import { connect } from '../../shared/contract/rpc.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { proveBinding, ProverApi } from '../native/proof.js';
import type { Entry } from './entryProcess.js';

/** The prover: loads TensorFlow to see whether it works, and ends. */
export class ProverProcess implements Entry {
  readonly #prove: typeof proveBinding;

  constructor(prove: typeof proveBinding) {
    this.#prove = prove;
  }

  accept(_peer: string, transport: Transport): void {
    const api: ProverApi = { prove: (binding) => Promise.resolve(this.#prove(binding)) };
    connect<ProverApi, object>(transport, checkedCalls(api, { prove: resultCall(['binding', v.string()]) }));
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
