// npm run anchors -- [A C ...]: published numbers, reproduced.
import { requireBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
await requireBuilt();
const { main } = await import(new URL('../dist/anchors/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
