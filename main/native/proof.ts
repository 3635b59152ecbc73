import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { tfAttribute, tfType, type TensorFlowBinding } from './TensorFlowBinding.js';

/** What a process has seen that has loaded TensorFlow. */
export interface NativeProof {
  readonly version: string;
  /** `CPU:0`, `GPU:0 (name)`. */
  readonly devices: readonly string[];
  /** Libraries for GPUs that did not load, each with the system's reason; empty where a GPU is listed. */
  readonly missing: readonly string[];
}

/** Calls that a prover answers: a process for this alone, since TensorFlow may end the process that loads it and never leaves one. */
export interface ProverApi {
  /** Loads the binding at that path and has it compute. Fails with `resources` when either goes wrong. */
  prove(binding: string): Promise<Result<NativeProof, Failure>>;
}

/** See `ProverApi.prove`; to be called in a process of its own. */
export function proveBinding(path: string): Result<NativeProof, Failure> {
  try {
    const binding = createRequire(import.meta.url)(path) as TensorFlowBinding;
    if (!multipliesRightly(binding)) return err(failure('resources', say('native.wrongProduct')));
    const usesGpu = binding.isUsingGpuDevice();
    return ok({
      version: binding.TF_Version,
      devices: usesGpu ? ['CPU:0', ...gpuNames()] : ['CPU:0'],
      missing: usesGpu ? [] : gpuLibraries.flatMap((name) => whyNotLoaded(name) ?? []),
    });
  } catch (error) {
    return err(failure('resources', say('native.notLoaded', (error as Error).message)));
  }
}

/** [1 2; 3 4] squared is [7 10; 15 22]. */
function multipliesRightly(binding: TensorFlowBinding): boolean {
  const matrix = binding.createTensor([2, 2], tfType.float32, Float32Array.of(1, 2, 3, 4));
  const attributes = [
    { name: 'transpose_a', type: tfAttribute.bool, value: false },
    { name: 'transpose_b', type: tfAttribute.bool, value: false },
    { name: 'T', type: tfAttribute.type, value: tfType.float32 },
  ];
  const [product] = binding.executeOp('MatMul', attributes, [matrix, matrix], 1);
  const values = binding.tensorDataSync(product!.id);
  binding.deleteTensor(product!.id);
  binding.deleteTensor(matrix);
  return [7, 10, 15, 22].every((value, i) => values[i] === value);
}

/** In the order in which the driver counts them. */
function gpuNames(): readonly string[] {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const models = readdirSync(folder).sort().map((gpu) => /^Model:\s*(.+)$/m.exec(readFileSync(`${folder}/${gpu}/information`, 'utf8'))?.[1]);
    return models.map((model, i) => `GPU:${i}${model ? ` (${model})` : ''}`);
  } catch {
    return ['GPU:0'];
  }
}

/** What TensorFlow looks for when it starts on a machine with an NVIDIA GPU; without one of them it quietly uses the processor. */
const gpuLibraries = [
  'libcuda.so.1', 'libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11', 'libcusolver.so.11', 'libcusparse.so.12', 'libcudnn.so.9',
];

/** The words of the system's loader; null for a library that loads. */
function whyNotLoaded(library: string): string | null {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_LAZY);
    return null;
  } catch (error) {
    // Node's complaint about a library that was found is that it is no module of Node's.
    const { message } = error as Error;
    return /did not self-register/.test(message) ? null : message;
  }
}
