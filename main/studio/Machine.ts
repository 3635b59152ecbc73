import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { failure, type Failure } from '../../shared/failure.js';
import type { ExecutorName } from '../../shared/model.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { probeWebGpu } from '../compute/webgpu/probe.js';
import { inspectInstallation } from '../native/installation.js';

/** Those that `auto` chooses from, in the order in which they are measured: the first is there on every machine. */
export const candidates = ['onnx', 'tensorflow', 'webgpu'] as const satisfies readonly ExecutorName[];
export type Candidate = (typeof candidates)[number];

/** An executor that a machine has, as far as can be seen without starting it. */
export interface FoundExecutor {
  readonly found: true;
  /** Of its library. */
  readonly version: string;
  /** The GPU that it would compute on; null for the processor. */
  readonly gpu: string | null;
  /** Another one wherever its speed may be another: what was installed, and for which devices. */
  readonly identity: string;
}

/** Why a machine has not got an executor, and what to do. */
export interface MissingExecutor {
  readonly found: false;
  readonly reason: Sentence;
}

/** What decides how fast a model trains here: the processor and the executors. */
export interface Machine {
  /** Model and number of cores. */
  readonly processor: string;
  /** Looks again at each call, since a backend may be installed or removed at any time. Loads no backend into this process. */
  find(executor: Candidate): Promise<FoundExecutor | MissingExecutor>;
}

export const thisMachine: Machine = {
  processor: `${cpus()[0]?.model.trim() ?? process.arch}, ${availableParallelism()} cores`,
  find: (executor) => finders[executor](),
};

/** Why a person's choice of an executor cannot be followed on the machine; null when it can. */
export async function objectionTo(machine: Machine, executor: ExecutorName): Promise<Failure | null> {
  if (executor === 'eager') return null; // Only tests ask for it.
  const state = await machine.find(executor);
  return state.found ? null : failure('usage', say('studio.executorMissing', executor, state.reason));
}

const finders: Readonly<Record<Candidate, () => Promise<FoundExecutor | MissingExecutor>>> = {
  onnx: () => {
    const version = onnxVersion();
    return Promise.resolve({ found: true, version, gpu: null, identity: version });
  },
  tensorflow: () => {
    const { installed, problem } = inspectInstallation();
    if (!installed) return Promise.resolve({ found: false, reason: problem ?? say('executors.noTensorFlow') });
    const { version, flavour, devices, files } = installed;
    const gpus = devices.filter((device) => device.startsWith('GPU'));
    const identity = JSON.stringify([version, flavour, devices, files.map(({ modifiedMs }) => modifiedMs)]);
    return Promise.resolve({ found: true, version, gpu: gpus.join(', ') || null, identity });
  },
  webgpu: async () => {
    if (!mayHaveGpu()) return { found: false, reason: say('executors.noWebGpu', say('executors.noGpuFound')) };
    const probe = await probeWebGpu();
    if (!probe.usable) return { found: false, reason: say('executors.noWebGpu', probe.reason) };
    if (probe.software) return { found: false, reason: say('executors.onlySoftware') };
    const version = onnxVersion();
    return { found: true, version, gpu: probe.name, identity: JSON.stringify([version, probe.name]) };
  },
};

/** Whether it is worth the second that a probe takes: a Linux without any device of a GPU has none. */
function mayHaveGpu(): boolean {
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device));
}

function onnxVersion(): string {
  return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;
}
