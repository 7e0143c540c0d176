import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchOptions } from './chromium.mjs'
import { readmeExamples } from './readme-examples.mjs'

// Workspace packages resolve to their sources: no build is needed to test.
const conditions = ['@offhook/source', 'module', 'development|production']
const root = fileURLToPath(new URL('../..', import.meta.url))

const setupFiles = ['packages/tooling/value-equality.mjs']

/** With real processes and sockets, on what is built. */
const endToEnd = { setupFiles, globalSetup: 'packages/tooling/build-once.mjs', testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        plugins: [readmeExamples()],
        ssr: { resolve: { conditions: [...conditions, 'node'] } },
        // A machine that does other work beside is no reason to fail.
        test: { name: 'unit', setupFiles, testTimeout: 20_000, maxWorkers: 2, include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'], pool: 'threads', isolate: false },
      },
      {
        root,
        plugins: [readmeExamples()],
        resolve: { conditions: [...conditions, 'browser'] },
        // ES modules as they are: found in the middle of a run, bundling them would reload the page under a test.
        optimizeDeps: { exclude: ['@noble/hashes'] },
        test: {
          name: 'browser', setupFiles,
          include: ['packages/*/test/**/*.browser.ts'],
          browser: {
            enabled: true, headless: true, screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        root,
        ssr: { resolve: { conditions: [...conditions, 'node'] } },
        test: {
          ...endToEnd, name: 'e2e', include: ['packages/*/test/**/*.e2e.ts', 'examples/*/test/**/*.e2e.ts'], exclude: ['**/node_modules/**', 'packages/conformance/**'],
          maxWorkers: 2, sequence: { groupOrder: 1 },
        },
      },
      {
        // Each file has a network namespace of its own and mostly waits: two at a time.
        root,
        ssr: { resolve: { conditions: [...conditions, 'node'] } },
        test: { ...endToEnd, name: 'peers', include: ['packages/conformance/test/**/*.e2e.ts'], maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
