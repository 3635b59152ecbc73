import type { Sentence } from './sentence.js';

/** TensorFlow for the native backend, as it lies on this machine. */
export interface NativeInstallation {
  /** Of TensorFlow: `2.21.0`. */
  readonly version: string;
  /** `cuda`: with the libraries for NVIDIA's GPUs. */
  readonly flavour: 'cpu' | 'cuda';
  /** Where TensorFlow came from: a folder that the person named, their own Python, or a wheel fetched for Morphoscope. */
  readonly source: 'folder' | 'python' | 'wheel';
  /** Folder that it lies in. */
  readonly dir: string;
  /** What of the disk `native remove` would give back. */
  readonly bytes: number;
  /** Devices that TensorFlow lists: `CPU:0`, `GPU:0 (name)`. */
  readonly devices: readonly string[];
}

/** What an installation would fetch and need, told before anything is fetched. */
export interface NativeOffer {
  readonly version: string;
  readonly flavour: 'cpu' | 'cuda';
  readonly source: 'folder' | 'python' | 'wheel';
  /** 0 when nothing has to be fetched; what an earlier try has fetched is not in it. */
  readonly downloadBytes: number;
  /** Room that it needs on the disk, what is fetched and deleted again included. */
  readonly diskBytes: number;
}

/** Whether the native backend is there, and what could be done about it. */
export interface NativeStatus {
  readonly installed: NativeInstallation | null;
  /** What `installNative` would do; null when it is installed or cannot be. */
  readonly offer: NativeOffer | null;
  /** Why it cannot be installed, or why what is installed does not work: with what to do; null when all is well. */
  readonly problem: Sentence | null;
  /** The installation in progress. */
  readonly installing: NativeProgress | null;
}

export type NativePhase = 'looking' | 'downloading' | 'unpacking' | 'compiling' | 'proving';

/** How far an installation has come. */
export interface NativeProgress {
  readonly phase: NativePhase;
  /** Bytes of the phase done and in all; null where they cannot be known. */
  readonly done: number | null;
  readonly total: number | null;
  /** Of the whole installation; null while it cannot be told. */
  readonly secondsLeft: number | null;
}
