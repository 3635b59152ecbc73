// npm run check: the fast subset for while one works: types, lint, and the tests of what changed.
import { checkLint, checkTypes, runVitest, summarise } from './support/runners.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
process.exitCode = summarise([...(await Promise.all([checkTypes(), checkLint()])), await runVitest(['--changed'])]);
