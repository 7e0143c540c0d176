// `npm test`: every check there is, and one line of counts at the end.
// Arguments pick steps: `npm test -- unit e2e`. Runs under pnpm (see run.mjs), which puts the tools on the PATH.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasChromium } from './chromium.mjs'
import { always, install, mayInstall, missing, peers } from './provision.mjs'

const config = 'packages/tooling/vitest.config.ts'
const vitest = (...projects) => ['vitest', 'run', '--config', config, ...projects.flatMap((project) => ['--project', project]), '--passWithNoTests', '--reporter=default', '--reporter=./packages/tooling/summary-reporter.mjs']

/** Step → command. The first two lines run side by side, the vitest runs alone: some of them measure time and sound. */
const steps = {
  build: ['turbo', 'run', 'build'],
  check: ['turbo', 'run', 'check'],
  typecheck: ['tsc', '-p', 'packages/tooling/tsconfig.json'],
  lint: ['eslint', '-c', 'packages/tooling/eslint.config.js', '--max-warnings=0', 'packages', 'examples'],
  unused: ['knip', '--config', 'packages/tooling/knip.json', '--no-progress'],
  unit: vitest('unit'),
  browser: vitest('browser'),
  e2e: vitest('e2e', 'peers'),
}
const lanes = [['build', 'check', 'typecheck', 'unused'], ['lint']]
const suites = ['unit', 'browser', 'e2e']

const picked = process.argv.slice(2)
const unknown = picked.find((step) => !(step in steps))
if (unknown !== undefined) {
  console.error(`There is no step "${unknown}"; there are: ${Object.keys(steps).join(', ')}`)
  process.exit(2)
}
const wanted = (step) => picked.length === 0 || picked.includes(step)

const ci = Boolean(process.env.CI) && process.env.CI !== 'false'
const scratch = mkdtempSync(join(tmpdir(), 'offhook-verify-'))
const counts = { passed: 0, failed: 0, skipped: 0 }
const failedSteps = []

/** Says what is missing, after bringing what may be brought. */
function provision() {
  const needs = wanted('browser') || wanted('e2e') ? [...always, ...(ci ? peers : [])] : []
  const absent = missing(needs)
  if (absent.length > 0 && mayInstall) {
    try {
      install(absent)
    } catch (error) {
      console.log(`apt-get failed: ${error instanceof Error ? error.message : error}`)
    }
  }
  for (const need of missing(needs.length === 0 ? [] : [...always, ...peers])) {
    const remedy = need.otherwise && !mayInstall ? `${need.otherwise} (or apt-get install ${need.packages.join(' ')})` : `apt-get install ${need.packages.join(' ')}`
    console.log(`${need.name} is not installed, so these are skipped: ${need.tests}. To have them: ${remedy}`)
  }
}

/** @returns {Promise<boolean>} whether the step passed; a captured step prints its output when it ends */
function run(step, { capture = false } = {}) {
  const [command = '', ...args] = steps[step]
  const started = performance.now()
  const summary = join(scratch, `${step}.json`)
  const child = spawn(command, args, {
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, OFFHOOK_SUMMARY: summary, TURBO_TELEMETRY_DISABLED: '1', ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
  })
  const output = []
  child.stdout?.on('data', (chunk) => output.push(chunk))
  child.stderr?.on('data', (chunk) => output.push(chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => output.push(Buffer.from(`${error.message}\n`)))
    child.once('close', (code) => {
      const passed = code === 0
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(`${passed ? 'ok  ' : 'FAIL'} ${step} (${seconds} s)`)
      if (!passed) process.stdout.write(Buffer.concat(output))
      settle(step, passed, summary)
      resolve(passed)
    })
  })
}

/** Adds a step's tests to the counts. A step that fails without a failing test counts as one failure. */
function settle(step, passed, summary) {
  let failed = 0
  try {
    const own = JSON.parse(readFileSync(summary, 'utf8'))
    for (const key of Object.keys(counts)) counts[key] += own[key]
    failed = own.failed
  } catch {
    // No summary: not a vitest run, or one that broke before its end.
  }
  if (passed) return
  failedSteps.push(step)
  if (failed === 0) counts.failed += 1
}

const started = performance.now()
provision()

await Promise.all(
  lanes.map(async (lane) => {
    let sound = true
    for (const step of lane) {
      if (!wanted(step)) continue
      if (step === 'check' && !sound) continue
      sound = (await run(step, { capture: true })) && sound
    }
  }),
)
for (const suite of suites) {
  if (!wanted(suite)) continue
  if (suite === 'browser' && !hasChromium()) {
    console.log('skipped browser: there is no Chromium')
    continue
  }
  if (suite === 'e2e' && failedSteps.includes('build')) console.log('e2e runs on the last build, as this one failed')
  await run(suite)
}
rmSync(scratch, { recursive: true, force: true })

if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}`)
console.log(`All in ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(failedSteps.length === 0 ? 0 : 1)
