import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/chromium.js';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Two cores: the second page of a test, the studio and its trainer run beside the browser.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // A machine that has other things to do takes several times as long as one that has not.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // Pictures are made for looking (npm run screens); they assert nothing.
  grepInvert: process.env['MORPHOSCOPE_PICTURES'] ? [] : /@pictures/,
  use: {
    browserName: 'chromium',
    launchOptions,
    headless: true,
    actionTimeout: 10_000,
    // The least that has all four regions, with some room: the processor draws it.
    viewport: { width: 1200, height: 780 },
    // No trace, which costs a seventh of the time: `--trace retain-on-failure` makes one of a test that fails.
    screenshot: 'only-on-failure',
  },
});
