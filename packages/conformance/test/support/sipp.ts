// SIPp, its built-in scenarios and those of the peers folder, and its own verdict on a run.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder } from './peers.js'
import type { Place } from './place.js'
import type { Program } from './program.js'

export interface SippOptions {
  /** `uac` and `uas` are SIPp's own; anything else is a file of the peers folder, without `.xml`. */
  readonly scenario: string
  /** `host:port` to call; absent for a server. */
  readonly target?: string
  readonly host?: '127.0.0.1' | '::1'
  readonly transport?: 'u1' | 't1'
  readonly port: number
  readonly mediaPort?: number
  /** How many calls, and how many a second. */
  readonly calls?: number
  readonly rate?: number
  /** Seconds after which SIPp gives up. */
  readonly limit?: number
  readonly extra?: readonly string[]
  /** Changes the scenario of the peers folder before it is played, where it is behind an RFC. */
  readonly adapt?: (scenario: string) => string
}

/** SIPp's counters at the end of a run. */
export interface SippVerdict {
  /** 0 when every call went as written. */
  readonly code: number
  readonly successful: number
  readonly failed: number
  /** Messages that the scenario did not provide for, inside a call or outside of any. */
  readonly unexpected: number
  readonly retransmissions: number
  /** What SIPp complained of, for the failure message. */
  readonly complaint: string
}

/** A REFER is accepted by 200, for 202 is of the past (RFC 6665 §8.3.1, RFC 7647 §5); the scenarios take 202 only. */
export const referIs200 = (scenario: string): string => scenario.replace('<recv response="202"/>', '<recv response="200"/>')

let runs = 0

export class Sipp {
  readonly program: Program
  /** This run's own folder: SIPp names its table of counts by itself and leaves it where it was started. */
  readonly #folder: string

  constructor(place: Place, options: SippOptions) {
    this.#folder = join(place.folder, `sipp-${++runs}`)
    mkdirSync(this.#folder)
    const { scenario, adapt } = options
    const file = join(adapt === undefined ? join(peersFolder, 'sipp') : this.#folder, `${scenario}.xml`)
    if (adapt !== undefined) writeFileSync(file, adapt(readFileSync(join(peersFolder, 'sipp', `${scenario}.xml`), 'utf8')))
    this.program = place.run(['sipp', ...argumentsOf(options, file)], { cwd: this.#folder, name: `sipp ${options.scenario}` })
  }

  /** Waits for the run to end and reads its counters. */
  async verdict(limit = 40_000): Promise<SippVerdict> {
    const { code } = await this.program.end(limit)
    const statistics = readLastRow(join(this.#folder, 'statistics'))
    const counts = readLastRow(join(this.#folder, readdirSync(this.#folder).find((file) => file.endsWith('_counts.csv')) ?? 'counts'))
    const number = (name: string): number => Number(statistics.get(name) ?? 0)
    // A machine that stalls for half a second makes SIPp repeat itself; the second answer then meets a call it has already closed.
    const answeredTwice = Math.min(number('DeadCallMsgs(C)'), number('Retransmissions(C)'))
    let unexpected = number('OutOfCallMsgs(C)') + number('DeadCallMsgs(C)') - answeredTwice
    for (const [name, value] of counts) if (/_Unexp$/.test(name)) unexpected += Number(value)
    return {
      code, unexpected,
      successful: number('SuccessfulCall(C)'), failed: number('FailedCall(C)'), retransmissions: number('Retransmissions(C)'),
      complaint: [this.#tail('errors'), code === 0 ? '' : this.#tail('messages')].join('\n').trim(),
    }
  }

  /** The last of what SIPp wrote down. */
  #tail(name: string): string {
    const path = join(this.#folder, name)
    return existsSync(path) ? `${this.program.name}, ${name}: ${readFileSync(path, 'utf8').slice(-3000)}` : ''
  }
}

function argumentsOf(options: SippOptions, file: string): string[] {
  const { scenario, host = '127.0.0.1', transport = 'u1', port, mediaPort = port + 100, calls = 1, rate, limit = 20, target, extra = [] } = options
  const builtIn = scenario === 'uac' || scenario === 'uas'
  return [
    ...(target === undefined ? [] : [target]),
    ...(builtIn ? ['-sn', scenario] : ['-sf', file]),
    '-i', host, '-mi', host, '-p', String(port), '-mp', String(mediaPort), '-t', transport, '-bind_local', '-ci', '127.0.0.1', '-max_socket', '512',
    '-nostdin', '-m', String(calls), ...(rate === undefined ? [] : ['-r', String(rate)]), '-timeout', `${limit}s`, '-timeout_error',
    '-trace_err', '-error_file', 'errors', '-trace_stat', '-stf', 'statistics', '-fd', '1',
    // The table of counts lands beside a scenario file, which may be read-only: only for the built-in ones.
    ...(builtIn ? ['-trace_counts'] : []),
    ...(calls > 10 ? [] : ['-trace_msg', '-message_file', 'messages']),
    ...extra,
  ]
}

/** Header → value of the last row of one of SIPp's `;` tables. */
function readLastRow(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map()
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  const names = lines[0]?.split(';') ?? []
  const values = lines.at(-1)?.split(';') ?? []
  return new Map(names.map((name, index) => [name, values[index] ?? '']))
}
