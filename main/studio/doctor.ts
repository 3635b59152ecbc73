import { availableParallelism, totalmem } from 'node:os';
import type { Calibration, DoctorReport, ExecutorFigure, ExecutorReport } from '../../shared/contract/studio.js';
import type { ExecutorName } from '../../shared/model.js';
import { bare, say, type Sentence } from '../../shared/sentence.js';
import { createExecutor } from '../compute/createExecutor.js';
import { installedNative } from '../native/installation.js';
import { embedded } from '../training/Engine.js';
import type { Calibrations } from './Calibrations.js';
import { candidates, type Candidate, type Machine } from './Machine.js';
import type { NativeService } from './NativeService.js';
import type { StudioProcesses } from './studioProcesses.js';
import * as tf from '@tensorflow/tfjs-core';

/** What the doctor looks at. */
export interface Patient {
  readonly machine: Machine;
  readonly calibrations: Calibrations;
  readonly native: NativeService;
  readonly processes: StudioProcesses;
  /** Executors that have proved themselves since the studio began, by their identity: loading TensorFlow takes a second. */
  readonly proved: Set<string>;
}

/** What this machine offers: which executors work, proved by a matrix product, what was measured, and which one is chosen. */
export async function examineMachine(patient: Patient): Promise<DoctorReport> {
  const { calibrations, native } = patient;
  const executors: ExecutorReport[] = [];
  for (const name of candidates) executors.push(await examine(name, patient));
  const known = await calibrations.list();
  return {
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    executors,
    choice: choiceOf(known[0], executors.flatMap(({ name, available }) => (available ? [name] : []))),
    native: await native.status(),
    calibrations: known,
  };
}

async function examine(name: Candidate, { machine, processes, proved }: Patient): Promise<ExecutorReport> {
  const state = await machine.find(name);
  if (!state.found) return { name, available: false, version: null, detail: state.reason };
  const { version } = state;
  const key = `${name} ${state.identity}`;
  const problem = proved.has(key) ? null : await provers[name](processes);
  if (problem === null) proved.add(key);
  return { name, available: problem === null, version, detail: problem ?? works(libraries[name], state.gpu) };
}

function works(library: string, gpu: string | null): Sentence {
  return gpu === null ? say('executors.worksOnProcessor', library) : say('executors.worksOn', library, gpu);
}

const libraries: Readonly<Record<Candidate, string>> = { onnx: 'ONNX Runtime', tensorflow: 'TensorFlow', webgpu: "ONNX Runtime's WebGPU" };

/** Each has its executor multiply two matrices; what is wrong, null when nothing is. */
const provers: Readonly<Record<Candidate, (processes: StudioProcesses) => Promise<Sentence | null>>> = {
  onnx: proveOnnx,
  tensorflow: async (processes) => {
    const installed = installedNative();
    if (!installed) return say('executors.tensorFlowRemoved');
    const proof = await processes.proveNative(installed.binding, installed.libraries, new AbortController().signal);
    return proof.ok ? null : bare(proof.error);
  },
  // It has been found by a matrix product.
  webgpu: () => Promise.resolve(null),
};

async function proveOnnx(): Promise<Sentence | null> {
  try {
    const session = await createExecutor('onnx').open(new Map());
    const program = await session.compile({
      name: 'doctor',
      inputs: { a: { shape: [2, 2], dtype: 'float32' } },
      body: ({ a }) => ({ square: tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D) }),
    });
    const { square } = await program.run({ a: Float32Array.of(1, 2, 3, 4) });
    session.dispose();
    return [7, 10, 15, 22].every((value, i) => square![i] === value) ? null : say('executors.onnxWrongProduct');
  } catch (error) {
    return say('executors.onnxNotStarted', (error as Error).message);
  }
}

/** @param last what was measured last, where anything was, and @param working the executors that have proved themselves */
function choiceOf(last: Calibration | undefined, working: readonly ExecutorName[]): DoctorReport['choice'] {
  const [fastest, ...others] = last?.executors ?? [];
  if (working.length < 2) return { executor: embedded, reason: 'It is the embedded executor, and the only one that works here.' };
  if (!last || !fastest || !working.includes(fastest.executor)) {
    return { executor: embedded, reason: 'Nothing has been measured yet: a prediction, or the first training of a model, finds out which one is the fastest.' };
  }
  const slower = others.map(figureInWords).join(', ');
  return { executor: fastest.executor, reason: `It was the fastest for the model measured last (${last.model}): ${figureInWords(fastest)}${slower && `; ${slower}`}.` };
}

function figureInWords({ executor, stepMs }: ExecutorFigure): string {
  return stepMs === null ? `${executor} does not run it` : `${executor} ${stepMs.toFixed(1)} ms a step`;
}
