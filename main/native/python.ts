import * as v from 'valibot';
import { findTool, runTool } from './runTool.js';

/** The python3 on the PATH, as far as it matters here. */
export interface Python {
  readonly program: string;
  readonly hasPip: boolean;
  /** The TensorFlow that it would import, and where that lies; null when it has none. */
  readonly tensorflow: { readonly dir: string; readonly version: string } | null;
}

/** Asks without importing TensorFlow, which takes seconds; the metadata of a package is in a file beside it. */
const question = `
import importlib.metadata, importlib.util, json
def version():
    for name in ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tf-nightly", "tf-nightly-cpu"):
        try: return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError: pass
spec = importlib.util.find_spec("tensorflow")
places = list(spec.submodule_search_locations or []) if spec else []
found = version() if places else None
print(json.dumps({
    "hasPip": importlib.util.find_spec("pip") is not None,
    "tensorflow": {"dir": places[0], "version": found} if found else None,
}))
`;

const answerSchema = v.object({
  hasPip: v.boolean(),
  tensorflow: v.nullable(v.object({ dir: v.string(), version: v.string() })),
});

/** Null when there is no python3, or none that can answer (before 3.8). */
export async function askPython(signal?: AbortSignal): Promise<Python | null> {
  const program = findTool(['python3']);
  if (program === null) return null;
  const { status, out } = await runTool(program, ['-c', question], { signal });
  if (status !== 0) return null;
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), out);
  return answer.success ? { program, ...answer.output } : null;
}
