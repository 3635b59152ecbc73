import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The renderer: one page for both shells, served from `dist/renderer` under app:// or http://. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // The content security policy of both shells allows scripts of the page's own origin only: nothing inline.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
