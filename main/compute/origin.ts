import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a node comes from. The stack is kept unformatted: formatting one for every kernel would cost more than tracing. */
export interface Origin {
  /** Name of the tfjs kernel. */
  readonly kernel: string;
  readonly trace: { readonly stack?: string };
}

const here = dirname(fileURLToPath(import.meta.url));

/** Remembers the calls that led here. `Error.stackTraceLimit` decides how many, see `withDeepStacks`. */
export function captureOrigin(kernel: string): Origin {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, captureOrigin);
  return { kernel, trace };
}

/** Runs `action` with stacks deep enough to reach the body through the layers of tfjs. */
export function withDeepStacks<T>(action: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    return action();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** `file:line:column` of the first frame that is neither a package, nor Node, nor this folder (its tests excepted). */
export function bodyLocation(stack: string | undefined): string | undefined {
  for (const line of stack?.split('\n') ?? []) {
    const match = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/.exec(line.trim());
    if (!match) continue;
    const location = match[1]!.startsWith('file://') ? decodeURI(match[1]!.replace(/^file:\/\//, '')) : match[1]!;
    const ours = location.startsWith(here + sep) && !/\.test\.[jt]s:/.test(location);
    if (!ours && !location.includes(`${sep}node_modules${sep}`)) return location;
  }
  return undefined;
}

const randomFunctions = [
  'dropout', 'rand', 'randomNormal', 'randomStandardNormal', 'randomUniform', 'randomUniformInt', 'randomGamma', 'truncatedNormal',
];
const randomFrame = new RegExp(`^\\s*at (?:Object\\.)?(${randomFunctions.join('|')})_ `, 'gm');

/** The outermost of tfjs's functions in the stack that make random numbers, if any. */
export function randomFunctionIn(stack: string | undefined): string | undefined {
  return [...(stack ?? '').matchAll(randomFrame)].at(-1)?.[1];
}
