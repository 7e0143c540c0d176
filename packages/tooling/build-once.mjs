// Before end-to-end tests: builds what is stale, since they run the command as users do. Nothing to do takes under a second.
import { spawnSync } from 'node:child_process'

export default function buildOnce() {
  const { status, stdout, stderr } = spawnSync('turbo', ['run', 'build', '--output-logs=errors-only'], { encoding: 'utf8', shell: process.platform === 'win32' })
  if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`)
}
