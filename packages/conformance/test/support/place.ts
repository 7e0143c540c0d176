// Where a peer test runs: a network namespace of its own with nothing but loopback in it, and a folder for state.
// Ports cannot collide with another test's there and no packet can leave.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Program, type ProgramOptions } from './program.js'

/** Why namespaces cannot be had here; undefined when they can. */
export const noNamespaces: string | undefined =
  process.platform !== 'linux'
    ? 'network namespaces exist on Linux only'
    : spawnSync('unshare', ['-n', 'true'], { stdio: 'ignore' }).status === 0
      ? undefined
      : 'making a network namespace takes root (unshare -n failed)'

export class Place {
  /** For logs, recordings and pid files; goes away with the place. */
  readonly folder: string
  readonly #holder: ChildProcess
  readonly #programs: Program[] = []

  private constructor(holder: ChildProcess, folder: string) {
    this.#holder = holder
    this.folder = folder
  }

  static async open(): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), 'offhook-peers-'))
    // `cat` ends when this process does, and the namespace with it.
    const holder = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && echo up && exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] })
    await Promise.race([once(holder.stdout, 'data'), sleep(5000).then(() => Promise.reject(new Error('The network namespace did not come up')))])
    return new Place(holder, folder)
  }

  /** The process whose network this is. */
  get pid(): number {
    return this.#holder.pid ?? 0
  }

  /** Starts a program inside. */
  run(command: readonly string[], options: ProgramOptions = {}): Program {
    const program = new Program(this.#inside(command), { name: command[0] ?? '', ...options })
    this.#programs.push(program)
    return program
  }

  /** Runs a short command inside to its end and returns what it printed. */
  call(command: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const [program = '', ...args] = this.#inside(command)
    return execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 })
  }

  /** Resolves when something listens on `port` inside. */
  async listening(port: number, limit = 10_000): Promise<void> {
    const end = Date.now() + limit
    while (Date.now() < end) {
      if (this.call(['ss', '-Hlntu', `sport = :${port}`]).trim() !== '') return
      await sleep(20)
    }
    throw new Error(`Nothing listens on port ${port}`)
  }

  /** Stops every program that was started here. */
  async clear(): Promise<void> {
    await Promise.all(this.#programs.splice(0).map((program) => program.stop()))
  }

  async close(): Promise<void> {
    await this.clear()
    // Daemons that a failed test left behind: whatever else lives in this namespace.
    for (const pid of this.#inhabitants()) process.kill(pid, 'SIGKILL')
    this.#holder.stdin?.end()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #inhabitants(): number[] {
    const namespaceOf = (pid: number): string | undefined => {
      try {
        return readlinkSync(`/proc/${pid}/ns/net`)
      } catch {
        return undefined
      }
    }
    const own = this.#holder.pid === undefined ? undefined : namespaceOf(this.#holder.pid)
    if (own === undefined || own === namespaceOf(process.pid)) return []
    return readdirSync('/proc').map(Number).filter((pid) => pid > 1 && pid !== this.#holder.pid && namespaceOf(pid) === own)
  }

  #inside(command: readonly string[]): string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-n', ...command]
  }
}
