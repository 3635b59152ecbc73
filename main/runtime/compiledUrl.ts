/** Root of the checkout when this file runs from source, the dist folder when it runs compiled. */
const root = new URL('../../', import.meta.url).href;

/**
 * URL of a compiled module that is started by its path: a worker or the entry of a process, which plain Node has to be
 * able to run. Compiled code finds it beside itself; source under Vitest finds it at the same place below dist/.
 *
 * @param relative path from the asking file to the module, with a .js ending: `./prefetchWorker.js`
 * @param from `import.meta.url` of the asking file
 */
export function compiledUrl(relative: string, from: string): URL {
  if (!from.endsWith('.ts')) return new URL(relative, from);
  if (!from.startsWith(root)) throw new Error(`${from} is not below ${root}.`);
  return new URL(relative, new URL(`dist/${from.slice(root.length)}`, root));
}
