/** Getting TensorFlow for the native backend, and what is wrong with the one that is there. Those without a full stop are parts of `unavailable`. */
export const native = {
  unavailable: (why: string) => `${why}; until then the embedded backend is used.`,

  otherSystem: (system: string) => `The native backend is made for Linux, and on ${system} nothing is fetched`,
  macOS: 'The native backend is made for Linux, and on macOS nothing is fetched: unpack one and name its folder in MORPHOSCOPE_TENSORFLOW',
  oldLinux: (glibc: string) => `TensorFlow needs a Linux with glibc ${glibc} or newer, which this is not: build one and name its folder in MORPHOSCOPE_TENSORFLOW`,
  nobodyBuilds: (processor: string) => `Nobody builds TensorFlow for Linux on ${processor}: build it and name its folder in MORPHOSCOPE_TENSORFLOW`,
  noPython: 'There is no python3 (3.8 or newer), whose pip fetches TensorFlow: install Python 3',
  noPip: (python: string) => `${python} has no pip, which fetches TensorFlow: install pip for it`,
  noCompiler: 'There is no C++ compiler, which the binding to TensorFlow needs: install g++ or clang',
  notPackaged: 'This package of Morphoscope was made without the native backend: use one that has it, or start from the sources',
  noRoom: (needed: string, folder: string, free: string) =>
    `TensorFlow needs ${needed} of room, and the disk with ${folder} has ${free}: make room, or name a folder on another disk in MORPHOSCOPE_CACHE`,
  namedEmpty: (dir: string) =>
    `MORPHOSCOPE_TENSORFLOW names ${dir}, where there are no libtensorflow_cc and libtensorflow_framework with their include folder: name the folder of a TensorFlow, or none`,
  namedVersion: (version: string, oldest: string, newest: string) =>
    `MORPHOSCOPE_TENSORFLOW names TensorFlow ${version}, and ${oldest} to ${newest} can be used: name another, or none`,
  gotVersion: (version: string, oldest: string, newest: string) =>
    `This is TensorFlow ${version}, and ${oldest} to ${newest} can be used: name another in MORPHOSCOPE_TENSORFLOW, or none`,
  gotUnusable: (why: string) => `TensorFlow was got but does not work here (${why.replace(/\.$/, '')})`,

  diskFilled: (what: string) => `The disk became full while ${what} was fetched: make room and try again`,
  indexNotReached: (what: string) => `pip could not reach its index to fetch ${what}: look at the network (and the proxy that pip is set to) and try again`,
  notFetched: (what: string) => `pip could not fetch ${what}: look which index pip is set to (python3 -m pip config list)`,
  notFetchedBecause: (what: string, complaint: string) => `pip could not fetch ${what} (${complaint}): look which index pip is set to (python3 -m pip config list)`,
  otherChecksum: (what: string) =>
    `What pip fetched as ${what} is not what its project has published (the checksum differs): look which index pip is set to (python3 -m pip config list), or try again later.`,
  notCompiled: (compiler: string) =>
    `${compiler} could not compile the binding to TensorFlow: a compiler for C++17 is needed, g++ 8 or newer, with its standard library; the embedded backend is used.`,
  notCompiledBecause: (compiler: string, complaint: string) =>
    `${compiler} could not compile the binding to TensorFlow (${complaint}): a compiler for C++17 is needed, g++ 8 or newer, with its standard library; the embedded backend is used.`,
  notStarted: (program: string, detail: string) => `${program} does not start: ${detail}.`,

  fileDamaged: (path: string) => `${path}, which describes the native backend, is damaged: install it again`,
  fileChanged: (path: string) => `${path} is not what it was when the native backend was installed: install it again`,
  notInstalled: 'The native backend is not installed; the embedded one is used.',
  notLoaded: (detail: string) => `TensorFlow does not load: ${detail}`,
  wrongProduct: 'TensorFlow computes a matrix product wrongly here.',
  gpuLibraries: (missing: string) =>
    `TensorFlow does not use the GPU and computes on the processor. These libraries did not load: ${missing}. Look whether the driver is current, then remove and install the native backend again.`,
  gpuUnseen:
    'TensorFlow does not use the GPU and computes on the processor. All its libraries load, and it lists none. Look whether the driver is current, then remove and install the native backend again.',

  beingInstalled: 'The native backend is being installed already: wait for that.',
  beingRemoved: 'The native backend is being removed already: wait for that.',
  cancelled: 'The installation was cancelled.',
};
