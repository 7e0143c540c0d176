// `npm start` and `npm run offhook -- <args>`: builds what is stale, then runs the command as it was installed.
// Nothing of the build goes to standard output, which belongs to the command (`--json`).
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = fileURLToPath(new URL('../sip-cli/dist/bin.js', import.meta.url))

if (!existsSync(command)) process.stderr.write('offhook: building it for the first time\n')
const build = spawnSync('turbo', ['run', 'build', '--filter=@offhook/sip-cli', '--output-logs=errors-only', '--log-prefix=none'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
})
if (build.status !== 0) {
  process.stderr.write(`${build.stdout ?? ''}${build.stderr ?? ''}${build.error === undefined ? '' : `${build.error.message}\n`}`)
  process.stderr.write('offhook: the build failed; what is above says where\n')
  process.exit(1)
}

// The command gets the folder that npm was started in: file names on its line are meant from there.
const child = spawn(process.execPath, [command, ...process.argv.slice(2)], { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() })
// A terminal sends Ctrl-C to the whole group, so the child has it already; what was sent to this process alone is passed on.
process.on('SIGINT', () => undefined)
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
