// npm run -s cli -- COMMAND: the command line, after installing and compiling what is missing.
import { requireBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
await requireBuilt();
const { main } = await import(new URL('../dist/main/shells/cli/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
