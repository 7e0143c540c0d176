// One child process of a test: its output, its end, and its stop. Ends with the test by its own pid.
import { spawn, type ChildProcess } from 'node:child_process'

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What error messages call it. */
  readonly name?: string
  /** Takes standard input, by `write`. */
  readonly input?: boolean
}

/** What is left of a program that ended. */
export interface Ending {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export class Program {
  readonly name: string
  readonly ended: Promise<Ending>
  #stdout = ''
  #stderr = ''
  #ending: Ending | undefined
  readonly #child: ChildProcess
  readonly #watchers = new Set<() => void>()

  constructor(command: readonly string[], options: ProgramOptions = {}) {
    const [program = '', ...args] = command
    this.name = options.name ?? program
    this.#child = spawn(program, args, { stdio: [options.input === true ? 'pipe' : 'ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', ...options.env }, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#look()
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#look()
    })
    this.ended = new Promise((resolve) => {
      const end = (code: number): void => {
        this.#ending ??= { code, stdout: this.#stdout, stderr: this.#stderr }
        resolve(this.#ending)
        this.#look()
      }
      this.#child.once('error', (error) => {
        this.#stderr += error.message
        end(-1)
      })
      this.#child.once('close', (code) => end(code ?? -1))
    })
  }

  get output(): string {
    return this.#stdout + this.#stderr
  }

  /** The JSON objects that the program has printed to standard output, one a line. */
  get records(): readonly Readonly<Record<string, unknown>>[] {
    return readRecords(this.#stdout)
  }

  /** Resolves once the output matches; rejects when the program ends or `limit` ms pass without. */
  async until(pattern: RegExp, limit = 10_000): Promise<RegExpExecArray> {
    return this.#await(() => pattern.exec(this.output) ?? undefined, limit, String(pattern))
  }

  /** Resolves with what `find` finds, once output has made it find something; rejects as `until` does. */
  async look<T>(find: () => T | undefined, limit = 20_000): Promise<T> {
    return this.#await(find, limit, 'what was looked for')
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#child.stdin?.write(text)
  }

  /** Resolves with the program's end; after `limit` ms it is stopped and the promise rejects. */
  async end(limit = 20_000): Promise<Ending> {
    return this.#await(() => this.#ending, limit, 'its end')
  }

  /** SIGTERM, then after two seconds SIGKILL, to this process alone. */
  async stop(): Promise<Ending> {
    if (this.#ending === undefined) {
      this.#child.kill('SIGTERM')
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2000)
      await this.ended
      clearTimeout(timer)
    }
    return this.ended
  }

  async #await<T>(look: () => T | undefined, limit: number, what: string): Promise<T> {
    const found = look()
    if (found !== undefined) return found
    return new Promise<T>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        this.#watchers.delete(watch)
        settle()
      }
      const fail = (why: string): void => finish(() => reject(new Error(`${this.name} ${why} before ${what}. Its output:\n${this.output.slice(-4000)}`)))
      const watch = (): void => {
        const value = look()
        if (value !== undefined) finish(() => resolve(value))
        else if (this.#ending !== undefined) fail(`ended with ${this.#ending.code}`)
      }
      const timer = setTimeout(() => {
        fail(`ran for ${limit} ms`)
        void this.stop()
      }, limit)
      this.#watchers.add(watch)
      if (this.#ending !== undefined) watch()
    })
  }

  #look(): void {
    for (const watch of [...this.#watchers]) watch()
  }
}

/** Every line of `text` that is a JSON object. */
export function readRecords(text: string): Readonly<Record<string, unknown>>[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return []
    try {
      return [JSON.parse(line) as Record<string, unknown>]
    } catch {
      return []
    }
  })
}
