// npm test: everything. Installs what is missing (a browser too), then types, lint and all tests; the last line sums every runner.
import { ensureChromium } from './support/browser.mjs';
import { checkLint, checkTypes, runBrowserTests, runVitest, summarise } from './support/runners.mjs';
import { ensureInstalled } from './support/install.mjs';
import { softwareVulkan } from './support/vulkan.mjs';

await ensureInstalled();
const browser = await ensureChromium();
const software = 'path' in browser ? softwareVulkan(browser.path) : {};
process.exitCode = summarise([await checkTypes(), await checkLint(), await runVitest([], software), await runBrowserTests(browser)]);
