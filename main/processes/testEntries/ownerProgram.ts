import { compiledUrl } from '../../runtime/compiledUrl.js';
import { NodeProcessHost } from '../NodeProcessHost.js';

/** A whole program with two processes of its own, joined; to be ended from outside. Prints their numbers. */
const host = new NodeProcessHost({
  urlOf: (entry) => compiledUrl(`./${entry === 'trainer' ? 'keeper' : 'peer'}.js`, import.meta.url),
});
const keeper = await host.start('trainer', { args: [process.argv[2]!] });
const peer = await host.start('studio');
if (!keeper.ok || !peer.ok) throw new Error('The processes did not start.');
await host.connect(keeper.value, peer.value);
process.stdout.write(`${keeper.value.pid} ${peer.value.pid}\n`);
