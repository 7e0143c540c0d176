import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../dist/bin.js', import.meta.url))

/** Whether the command was built. */
export const isBuilt: boolean = existsSync(command)

/** One line of `--json`. */
export type Event = Readonly<Record<string, unknown>> & { readonly event: string }

/** The built command, as a user runs it, with `--json`. */
export class Offhook {
  readonly events: Event[] = []
  readonly ended: Promise<number>
  readonly #child: ChildProcess
  readonly #waiting = new Set<() => void>()
  stderr = ''

  constructor(words: readonly string[]) {
    const child = spawn(process.execPath, [command, ...words, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.events.push(JSON.parse(line) as Event)
      for (const look of this.#waiting) look()
    })
    child.stderr.on('data', (chunk: Buffer) => void (this.stderr += chunk.toString()))
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => {
        resolve(code ?? -1)
        for (const look of this.#waiting) look()
      })
    })
  }

  /** The first event of that name, now or later. Rejects when the command ends before. */
  async event(name: string, accept: (event: Event) => boolean = () => true): Promise<Event> {
    let over = false
    void this.ended.then(() => (over = true))
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.events.find((event) => event.event === name && accept(event))
        if (found === undefined && !over && this.#child.exitCode === null) return
        this.#waiting.delete(look)
        if (found === undefined) reject(new Error(`No ${name} event; ${JSON.stringify(this.events)} ${this.stderr}`))
        else resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** Ends it as Ctrl-C does, and gives the exit code. */
  stop(): Promise<number> {
    this.#child.kill('SIGINT')
    return this.ended
  }
}

/** Runs a command to its end. */
export async function offhook(...words: string[]): Promise<{ code: number; events: readonly Event[]; stderr: string }> {
  const run = new Offhook(words)
  const code = await run.ended
  return { code, events: run.events, stderr: run.stderr }
}
