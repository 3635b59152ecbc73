import { defineConfig } from 'vite';

/** The preload: a sandboxed one has to be a single CommonJS file, and may load nothing but `electron`. */
export default defineConfig({
  build: {
    outDir: 'dist/preload',
    // The compiler's files lie there too.
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'chrome140',
    minify: false,
    lib: { entry: 'preload/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
