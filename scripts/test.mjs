// npm test: everything. Installs what is missing (a browser too), then types, lint and all tests; the last line sums every runner.
import { checkLint, checkTypes, runBrowserTests, runVitest, summarise } from './support/runners.mjs';
import { ensureInstalled } from './support/install.mjs';

await ensureInstalled();
process.exitCode = summarise([await checkTypes(), await checkLint(), await runVitest([]), await runBrowserTests()]);
