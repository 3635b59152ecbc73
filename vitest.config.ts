import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const common = { pool: 'forks', testTimeout: 30_000 } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts', 'preload/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
      {
        // The window's state without a browser: runes are compiled as for the browser, so that they are reactive.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { ...common, name: 'renderer', include: ['renderer/**/*.test.ts'] },
      },
    ],
  },
});
