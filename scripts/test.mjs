// npm test: everything. Installs what is missing (a browser and the native backend too), then types, lint and all tests; the last line sums every runner.
import { ensureChromium } from './support/browser.mjs';
import { checkLint, checkTypes, runBrowserTests, runVitest, summarise } from './support/runners.mjs';
import { ensureInstalled } from './support/install.mjs';
import { ensureNative } from './support/native.mjs';
import { softwareVulkan } from './support/vulkan.mjs';

await ensureInstalled();
// Each of them keeps one core busy, or the network.
const [browser, ...outcomes] = await Promise.all([ensureChromium(), checkTypes(), checkLint()]);
const software = 'path' in browser ? softwareVulkan(browser.path) : {};
await ensureNative();
outcomes.push(await runVitest([], software), await runBrowserTests(browser));
process.exitCode = summarise(outcomes);
