import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root, run, say } from './run.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number }} Outcome */

/** Compiles every project: an import across a boundary, or a DOM name in main, fails here. The window's components are read by svelte-check. */
export async function checkTypes() {
  say('types ...');
  if (!(await ensureBuilt())) return single('types', false);
  const { code } = await run(process.execPath, [
    'node_modules/svelte-check/bin/svelte-check', '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human',
  ]);
  return single('types', code === 0);
}

/** Lint with no warnings allowed. */
export async function checkLint() {
  say('lint ...');
  const { code } = await run(process.execPath, ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']);
  return single('lint', code === 0);
}

/**
 * Unit, contract and parity tests.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to the environment
 */
export async function runVitest(args, env = {}) {
  say('tests ...');
  const report = join(root, '.cache', 'vitest.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const { code } = await run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { env },
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that fails to load, or an unhandled error, fails the run without failing a test.
    const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
    return { name: 'tests', passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } catch {
    return single('tests', false);
  }
}

/**
 * Tests of the built app in a browser, one page after the other. Says why a test was skipped.
 * @param {{ path: string } | { reason: string }} browser as `ensureChromium` answers
 */
export async function runBrowserTests(browser) {
  say('browser ...');
  if ('reason' in browser) {
    say(`browser tests skipped: ${browser.reason}`);
    // A person may go without them; a machine that is there to test may not.
    return process.env.CI ? single('browser', false) : { name: 'browser', passed: 0, failed: 0, skipped: 1 };
  }
  const report = join(root, '.cache', 'playwright.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  process.env.CHROMIUM_PATH = browser.path;
  process.env.PLAYWRIGHT_JSON_OUTPUT_NAME = report;
  const { code } = await run(process.execPath, [
    'node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json',
  ]);
  try {
    const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
    for (const { title, reason } of suites.flatMap(skippedIn)) say(`skipped: ${title}: ${reason}`);
    const failed = stats.unexpected + stats.flaky;
    return { name: 'browser', passed: stats.expected, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: stats.skipped };
  } catch {
    return single('browser', false);
  }
}

/** The skipped tests of a suite in Playwright's report, with what `test.skip` was told. */
function skippedIn({ suites = [], specs = [] }) {
  const here = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'skipped')
      .map(({ annotations }) => ({ title, reason: annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given' })),
  );
  return [...here, ...suites.flatMap(skippedIn)];
}

function single(name, good) {
  return { name, passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

/**
 * Prints a line a runner and, last, the sum of all.
 * @param {readonly Outcome[]} outcomes
 * @returns {number} exit status
 */
export function summarise(outcomes) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, passed, failed, skipped } of outcomes) {
    console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed === 0 ? 0 : 1;
}
