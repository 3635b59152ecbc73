import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Folders that each folder may import from besides itself (DESIGN section 2); packages are judged by the compiler. */
const allowed = {
  shared: [],
  'main/runtime': ['shared'],
  'main/models': ['shared'],
  'main/latent': ['shared'],
  'main/metrics': ['shared', 'main/latent'],
  'main/native': ['shared', 'main/runtime', 'main/projects'],
  'main/compute': ['shared', 'main/runtime', 'main/native'],
  'main/datasets': ['shared', 'main/runtime'],
  'main/projects': ['shared'],
  'main/training': ['shared', 'main/runtime', 'main/native', 'main/models', 'main/compute', 'main/datasets', 'main/latent', 'main/metrics', 'main/projects'],
  'main/studio': ['shared', 'main/runtime', 'main/native', 'main/models', 'main/compute', 'main/datasets', 'main/projects', 'main/latent', 'main/metrics', 'main/training'],
  'main/processes': ['shared', 'main/runtime', 'main/native', 'main/datasets', 'main/training', 'main/projects', 'main/studio'],
  'main/shells/cli': ['shared', 'main/runtime', 'main/models', 'main/processes', 'main/projects', 'main/latent', 'main/shells/web'],
  'main/shells/web': ['shared', 'main/runtime', 'main/processes', 'main/projects'],
  'main/shells/electron': ['shared', 'main/runtime', 'main/processes', 'main/projects'],
  preload: ['shared'],
  'renderer/gateway': ['shared'],
  'renderer/session': ['shared', 'renderer/gateway'],
  'renderer/scene': ['shared'],
  'renderer/theme': ['shared'],
  'renderer/widgets': ['shared', 'renderer/theme'],
  'renderer/panels': ['shared', 'renderer/session', 'renderer/widgets', 'renderer/theme'],
};

const folders = Object.keys(allowed);

/** How the path to a folder ends in an import: below a common top folder its name may be left out. */
function seenFrom(folder, other) {
  const top = `${folder.split('/')[0]}/`;
  return other.startsWith(top) ? other.replace(top, `(${top})?`) : other;
}

const boundaries = folders.map((folder) => ({
  files: [`${folder}/**/*.ts`, `${folder}/**/*.svelte`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((other) => other !== folder && !allowed[folder].includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+${seenFrom(folder, other)}/`,
            message: `${folder} must not import ${other}: see DESIGN section 2.`,
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.peers/', 'out/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  ...svelte.configs.recommended,
  {
    files: ['renderer/**/*.svelte', 'renderer/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] }, globals: globals.browser },
    // The compiler knows which names exist; svelte-check reads these files.
    rules: {
      'no-undef': 'off',
      'no-unused-vars': 'off',
      // Most collections are replaced whole and never changed.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.config.mjs', 'eslint.config.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', performance: 'readonly' } },
  },
  ...boundaries,
  {
    // The one place where the cloud's drawing meets what the window knows.
    files: ['renderer/panels/Viewport.svelte'],
    rules: { 'no-restricted-imports': 'off' },
  },
);
