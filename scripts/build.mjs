// npm run build: install what is missing, compile what changed.
import { requireBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
await requireBuilt();
