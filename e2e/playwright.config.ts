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
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
});
