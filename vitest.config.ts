import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The projects folder of whoever runs the tests is none of their business; processes that they start inherit this. */
const env = { MORPHOSCOPE_HOME: join(tmpdir(), 'morphoscope-tests') };
const common = { pool: 'forks', testTimeout: 30_000, env } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts', 'preload/**/*.test.ts', 'bench/**/*.test.ts', 'anchors/**/*.test.ts'],
        },
      },
      {
        // The window's state without a browser: runes are compiled as for the browser, so that they are reactive.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        // Styles are read as text by the tests of colours.
        test: { ...common, name: 'renderer', include: ['renderer/**/*.test.ts'], css: true },
      },
    ],
  },
});
