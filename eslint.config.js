import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Folders that each folder may import from besides itself (DESIGN section 2); packages are judged by the compiler. */
const allowed = {
  shared: [],
  'main/runtime': ['shared'],
  'main/models': ['shared'],
  'main/latent': ['shared'],
  'main/compute': ['shared'],
  'main/datasets': ['shared', 'main/runtime'],
  'main/projects': ['shared'],
  'main/training': ['shared', 'main/runtime', 'main/models', 'main/compute', 'main/datasets', 'main/projects'],
  'main/studio': ['shared', 'main/models', 'main/compute', 'main/datasets', 'main/projects', 'main/latent', 'main/training'],
  'main/processes': ['shared', 'main/runtime', 'main/datasets', 'main/training', 'main/projects', 'main/studio'],
  'main/shells/cli': ['shared', 'main/runtime', 'main/models', 'main/processes', 'main/projects', 'main/latent'],
};

const folders = Object.keys(allowed);
const boundaries = folders.map((folder) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((other) => other !== folder && !allowed[folder].includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+(${other.replace('main/', '(main/)?')})/`,
            message: `${folder} must not import ${other}: see DESIGN section 2.`,
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.peers/', 'out/'] },
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
  {
    files: ['scripts/**/*.mjs', 'eslint.config.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', performance: 'readonly' } },
  },
  ...boundaries,
);
