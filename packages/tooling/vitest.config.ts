import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchOptions } from './chromium.mjs'
import { readmeExamples } from './readme-examples.mjs'

// Workspace packages resolve to their sources: no build is needed to test.
const conditions = ['@offhook/source', 'module', 'development|production']
const root = fileURLToPath(new URL('../..', import.meta.url))

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        plugins: [readmeExamples()],
        ssr: { resolve: { conditions: [...conditions, 'node'] } },
        test: { name: 'unit', include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'], pool: 'threads', isolate: false },
      },
      {
        root,
        plugins: [readmeExamples()],
        resolve: { conditions: [...conditions, 'browser'] },
        // ES modules as they are: found in the middle of a run, bundling them would reload the page under a test.
        optimizeDeps: { exclude: ['@noble/hashes'] },
        test: {
          name: 'browser',
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
        test: { name: 'e2e', globalSetup: 'packages/tooling/build-once.mjs', include: ['packages/*/test/**/*.e2e.ts', 'examples/*/test/**/*.e2e.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
      },
    ],
  },
})
