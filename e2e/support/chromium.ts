import type { LaunchOptions } from '@playwright/test';

/**
 * How a browser is started for tests and measurements: without a screen or a GPU (WebGL by SwiftShader) and without asking the network for
 * anything. `CHROMIUM_PATH` is set by the scripts that start us; without it Playwright's own browser is used.
 */
export const launchOptions: LaunchOptions = {
  ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
  args: [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-gpu-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
