// Before end-to-end tests: builds what is stale, since they run the command as users do. Nothing to do takes under a second.
import { execFileSync } from 'node:child_process'

export default function buildOnce() {
  execFileSync('turbo', ['run', 'build', '--output-logs=errors-only'], { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
}
