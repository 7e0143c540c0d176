import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// Time, randomness and the platform enter the protocol through ports only (see DESIGN: time in, effects out).
const platform = ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'window', 'document', 'navigator', 'process', 'Buffer', 'crypto', 'WebSocket', 'queueMicrotask']
const pure = [
  'packages/sip-{parser,sdp,auth,transaction,transport,trace}/src/**/*.ts',
  'packages/sip-machine/src/*.ts',
  'packages/sip-machine/src/testing/**/*.ts',
  'packages/sip-session/src/{dialog,session,registration}/**/*.ts',
]

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '**/ambient/', '**/.turbo/', '**/node_modules/']),
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: false }],
    },
  },
  {
    files: ['**/test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/require-await': 'off', '@typescript-eslint/no-misused-spread': 'off' },
  },
  {
    files: pure,
    rules: {
      'no-restricted-globals': ['error', ...platform],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Take a RandomSource.' }],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [js.configs.recommended], languageOptions: { globals: { process: 'readonly', URL: 'readonly', console: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', Buffer: 'readonly', performance: 'readonly', globalThis: 'readonly', fetch: 'readonly', setImmediate: 'readonly', AbortController: 'readonly', TextEncoder: 'readonly', TextDecoder: 'readonly' } } },
)
