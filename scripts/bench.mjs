// npm run bench -- NAME [--json]: benchmarks beside the peers that they are measured against.
import { findChromium } from './support/browser.mjs';
import { requireBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
await requireBuilt();
const chromium = findChromium();
if (chromium) process.env.CHROMIUM_PATH = chromium;
const { main } = await import(new URL('../dist/bench/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
