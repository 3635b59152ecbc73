import * as v from 'valibot';
import { resultCall, valueCall } from '../../shared/contract/checkedCalls.js';
import type { ApiSchemas } from '../../shared/contract/checkedCalls.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import { sentenceFields } from '../../shared/sentenceSchema.js';
import type { ProcessEnd } from '../studio/studioProcesses.js';

/** What the studio process asks of its owner, who starts its neighbours and joins them to it under the names given back. */
export interface OwnerApi {
  /** Starts an importer; the one before it is killed. */
  startImporter(): Promise<Result<string, Failure>>;
  /** Starts a trainer; the one before it is stopped first. */
  startTrainer(): Promise<Result<string, Failure>>;
  /** Starts a process that loads TensorFlow to see whether it works. @param libraries folders of shared libraries that it finds */
  startProver(libraries: readonly string[]): Promise<Result<string, Failure>>;
  /** Joins the trainer that is running to this studio and gives its name back; null when there is none. */
  joinTrainer(): Promise<string | null>;
  /** Stops a process that was started for the studio. Its end is told by `ended`. */
  stopProcess(name: string): Promise<void>;
}

/** What the owner tells the studio process. */
export interface NeighbourEvents {
  /** A process that was joined to the studio has ended. */
  ended(name: string, end: ProcessEnd): void;
}

export const ownerSchemas: ApiSchemas<OwnerApi> = {
  startImporter: resultCall(),
  startTrainer: resultCall(),
  startProver: resultCall(['libraries', v.array(v.string())]),
  joinTrainer: valueCall(),
  stopProcess: valueCall(['name', v.string()]),
};

export const processEndSchema: v.GenericSchema<unknown, ProcessEnd> = v.strictObject({
  kind: v.picklist(['exited', 'crashed']),
  ...sentenceFields,
});
