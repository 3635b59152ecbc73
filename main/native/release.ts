/** A wheel as its index publishes it, pinned: whatever else an index or a mirror has under that name is refused. */
export interface Wheel {
  /** Name of the distribution on the index. */
  readonly project: string;
  readonly version: string;
  /** Platform tag of its file (PEP 425). */
  readonly platform: string;
  readonly sha256: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Size of what is taken out of it. */
  readonly unpackedBytes: number;
}

/** The TensorFlow that is fetched where none is there. */
export const release = '2.21.0';

/** A TensorFlow that is there already is used from the first of these minor versions on, up to the next major one. */
const oldest = { major: 2, minor: 16 };

/** Whether a TensorFlow of this version is one that the binding is known to work with. A nightly build counts as what it leads to. */
export function isSupported(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) === oldest.major && Number(minor) >= oldest.minor;
}

/** The first and the last of the supported versions. */
export const supportedVersions = [`${oldest.major}.${oldest.minor}`, `${oldest.major}.x`] as const;

const x64 = 'manylinux_2_27_x86_64';

const processorWheels: Readonly<Record<string, Wheel>> = {
  x64: {
    project: 'tensorflow-cpu', version: release, platform: x64, bytes: 274_000_871, unpackedBytes: 853_308_936,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  },
  arm64: {
    project: 'tensorflow', version: release, platform: 'manylinux_2_27_aarch64', bytes: 281_946_471, unpackedBytes: 883_062_208,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  },
};

/**
 * TensorFlow for NVIDIA's GPUs and what its extra `and-cuda` names, in the newest versions that this extra allows. One of them is
 * left out: nvidia-cuda-nvcc-cu12 has programs for XLA, which is not used, and no library.
 */
const cudaWheels: readonly Wheel[] = [
  {
    project: 'tensorflow', version: release, platform: x64, bytes: 572_611_111, unpackedBytes: 1_259_021_080,
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
  },
  {
    project: 'nvidia-cublas-cu12', version: '12.9.3.13', platform: x64, bytes: 581_217_458, unpackedBytes: 855_064_416,
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  },
  {
    project: 'nvidia-cuda-cupti-cu12', version: '12.8.90', platform: 'manylinux2014_x86_64', bytes: 10_248_621, unpackedBytes: 41_311_976,
    sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  },
  {
    project: 'nvidia-cuda-nvrtc-cu12', version: '12.9.86', platform: 'manylinux2010_x86_64', bytes: 89_568_129, unpackedBytes: 227_340_992,
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  },
  {
    project: 'nvidia-cuda-runtime-cu12', version: '12.9.79', platform: 'manylinux2014_x86_64', bytes: 3_493_179, unpackedBytes: 741_088,
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  },
  {
    project: 'nvidia-cudnn-cu12', version: '9.28.0.42', platform: x64, bytes: 716_538_495, unpackedBytes: 1_162_393_472,
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  },
  {
    project: 'nvidia-cufft-cu12', version: '11.4.1.4', platform: 'manylinux2014_x86_64', bytes: 200_877_592, unpackedBytes: 293_609_416,
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  },
  {
    project: 'nvidia-curand-cu12', version: '10.3.10.19', platform: x64, bytes: 68_295_626, unpackedBytes: 166_965_432,
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  },
  {
    project: 'nvidia-cusolver-cu12', version: '11.7.5.82', platform: x64, bytes: 338_117_415, unpackedBytes: 494_975_064,
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  },
  {
    project: 'nvidia-cusparse-cu12', version: '12.5.10.65', platform: 'manylinux2014_x86_64', bytes: 366_465_088, unpackedBytes: 486_556_368,
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  },
  {
    project: 'nvidia-nccl-cu12', version: '2.32.3', platform: x64, bytes: 351_526_311, unpackedBytes: 473_614_536,
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  },
  {
    project: 'nvidia-nvjitlink-cu12', version: '12.9.86', platform: 'manylinux2010_x86_64', bytes: 39_748_338, unpackedBytes: 95_935_344,
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  },
];

/**
 * The wheels that make the native backend on a Linux machine; null where nobody builds any.
 *
 * @param architecture as in `process.arch`
 * @param hasGpu whether a driver for NVIDIA's GPUs is there
 */
export function wheelsFor(architecture: string, hasGpu: boolean): readonly Wheel[] | null {
  if (architecture === 'x64' && hasGpu) return cudaWheels;
  const wheel = processorWheels[architecture];
  return wheel ? [wheel] : null;
}
