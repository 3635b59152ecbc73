import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { say, type Sentence } from '../../../shared/sentence.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';

/** What WebGPU offers on this machine. */
export type WebGpuProbe =
  | {
      readonly usable: true;
      /** Of the GPU, as far as the system tells: on Linux and macOS that of its maker. */
      readonly name: string;
      /** The processor pretends to be a GPU (SwiftShader, lavapipe, WARP): right, and far slower than the `onnx` executor. */
      readonly software: boolean;
      /** Speed of a product of matrices, in thousand million operations a second, the way there and back included. */
      readonly gflops: number;
    }
  /** The reason is part of a sentence. */
  | { readonly usable: false; readonly reason: Sentence };

/**
 * Software makes 0.6 here and could not make more than a few on any processor; the slowest GPU that would be worth a measurement makes
 * fifty. The names of devices do not tell: a virtual machine has a graphics adapter that cannot compute.
 */
const softwareGflops = 15;

/** What the probe writes when they are. */
export const wrongProducts = 'wrong products';

let known: Promise<WebGpuProbe> | undefined;

/** Tries WebGPU in a process of its own, since a broken driver may end it; once, then the answer is known. Takes a second or two. */
export function probeWebGpu(): Promise<WebGpuProbe> {
  return (known ??= probe());
}

function probe(): Promise<WebGpuProbe> {
  const entry = fileURLToPath(compiledUrl('./probeEntry.js', import.meta.url));
  const options = { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, timeout: 60_000, maxBuffer: 64 << 20, windowsHide: true };
  return new Promise((resolve) => {
    execFile(process.execPath, [entry], options, (error, output, log) => {
      if (!error) resolve(judge(output, log));
      else resolve({ usable: false, reason: say(error.killed ? 'executors.driverSilent' : 'executors.driverFailed') });
    });
  });
}

/** @param output of the probe, where a driver may have left words of its own, and @param log of onnxruntime in it */
export function judge(output: string, log: string): WebGpuProbe {
  const gflops = Number(/^gflops (.*)$/m.exec(output)?.[1]);
  if (!Number.isFinite(gflops)) {
    const message = /^reason (.*)$/m.exec(output)?.[1];
    return { usable: false, reason: message === undefined ? say('executors.driverSilent') : reasonIn(message) };
  }
  const software = gflops < softwareGflops;
  return { usable: true, name: software ? 'software' : (gpuIn(log) ?? 'GPU'), software, gflops };
}

function reasonIn(message: string): Sentence {
  if (message === wrongProducts) return say('executors.wrongProducts');
  return message.includes('WebGPU adapter') ? say('executors.noGpuFound') : { message };
}

/** onnxruntime lists what it finds: `{vendor_id:0x10de, device_id:0x2484, vendor:NVIDIA, type:1, metadata: [Description=..., ]}`, 1 being a GPU. */
function gpuIn(log: string): string | undefined {
  const device = /vendor:([^,]*), type:1, metadata: \[(?:.*?Description=([^,\]]+))?/.exec(log);
  return device?.[2] ?? device?.[1];
}
