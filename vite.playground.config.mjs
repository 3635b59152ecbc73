import { readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const playground = new URL('renderer/playground/', import.meta.url).pathname;

/** The pages of renderer/playground, for development and for measuring; never part of the program. */
export default defineConfig({
  root: playground,
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../../dist/playground',
    emptyOutDir: true,
    target: 'chrome140',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: readdirSync(playground).filter((name) => name.endsWith('.html')).map((name) => playground + name),
    },
  },
});
