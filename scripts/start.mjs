// npm start [-- --web]: the studio in a window of its own, or in the browser where that cannot be had or is asked for.
import { requireBuilt } from './support/build.mjs';
import { openDesktop } from './support/desktop.mjs';
import { ensureInstalled } from './support/install.mjs';
import { say } from './support/run.mjs';

const words = process.argv.slice(2);
if (words.some((word) => word !== '--web')) {
  say('npm start takes no other word than --web (npm start -- --web): open the studio in the browser.');
  process.exit(2);
}
await ensureInstalled();
await requireBuilt();

const desktop = words.includes('--web') ? { reason: null } : await openDesktop();
if ('status' in desktop) {
  process.exitCode = desktop.status;
} else {
  if (desktop.reason !== null) say(`${desktop.reason} The studio is shown by the browser instead.`);
  const { main } = await import(new URL('../dist/main/shells/cli/main.js', import.meta.url).href);
  process.exitCode = await main(['serve', '--open']);
}
