// `npm start`, `npm test` and `npm run offhook` come here: runs the pnpm that package.json names,
// on this Node when it is new enough for the tools and else on one from the npm registry.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const { packageManager } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const modern = major > 22 || (major === 22 && minor >= 18)
const packages = modern ? [packageManager] : [packageManager, 'node@26.10.0']

if (!existsSync(new URL('../../node_modules', import.meta.url))) console.error('First run: bringing the tools from the npm registry, about half a minute.')

const { status, signal } = spawnSync(
  'npx',
  ['--yes', ...packages.map((spec) => `--package=${spec}`), '--', 'pnpm', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      npm_config_loglevel: 'error',
      npm_config_package: undefined, // an outer npx's, which would win over ours
      TURBO_TELEMETRY_DISABLED: '1',
    },
  },
)
process.exit(status ?? (signal === 'SIGINT' ? 130 : 1))
