import js from '@eslint/js';
import query from '@tanstack/eslint-plugin-query';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', 'test/**/*.ts'];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.syncline/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 400],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  { files: ['cli/generated/**', 'web/generated/**'], rules: { 'max-lines': 'off' } },
  {
    // the console: only what its policy allows, and what was chosen for a browser is kept in one folder
    files: ['web/**/*.ts', 'web/**/*.tsx'],
    extends: [hooks.configs.flat['recommended-latest'], query.configs['flat/recommended']],
    rules: {
      // what the library of virtual rows returns changes in place, and nothing here memoises it
      'react-hooks/incompatible-library': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@mantine/core',
              importNames: ['AppShell', 'Grid', 'SimpleGrid', 'ColorSchemeScript', 'Badge'],
              message: 'It injects a style, which the policy of the page refuses, or fails the contrast.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name=/^(dangerouslySetInnerHTML|hiddenFrom|visibleFrom)$/]',
          message: 'The policy of the page refuses it.',
        },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML)$/]',
          message: 'The policy of the page refuses it.',
        },
      ],
    },
  },
  {
    files: ['web/**/*.ts', 'web/**/*.tsx'],
    ignores: ['web/settings/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'What a browser keeps is in web/settings/.' },
        { name: 'sessionStorage', message: 'What a browser keeps is in web/settings/.' },
      ],
    },
  },
  {
    files: ['web/public/**'],
    languageOptions: { globals: { localStorage: 'readonly', matchMedia: 'readonly', document: 'readonly' } },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: { module: 'writable', require: 'readonly' } } },
  {
    // the environment is read in one file and passed on as values
    files: ['**/*.ts'],
    ignores: [
      ...tests,
      'config.ts',
      'local/**', // hands the environment on to the processes it starts
      'bench/environment.ts', // the same
      'cli/**', // a program of its own, on the person's machine
      'activities/connection.ts', // secrets are named in a connector file and fetched where they are used
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    // what a server says goes through its logger
    files: [
      'domain/**',
      'workflows/**',
      'activities/**',
      'connectors/**',
      'repository/**',
      'store/**',
      'worker/**',
      'api/**',
    ],
    ignores: tests,
    rules: { 'no-console': 'error' },
  },
  {
    // an update that answers nothing is declared with void as a type argument of a call, which the rule does not know
    files: ['workflows/messages.ts'],
    rules: { '@typescript-eslint/no-invalid-void-type': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
          message: 'Every test runs. Where a machine cannot run it, skipIf says so.',
        },
      ],
    },
  },
);
