// linphonec as a headless phone: plays a 600 Hz tone, answers by itself, does what its console is told.
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { peersFolder } from './peers.js'
import type { Place } from './place.js'
import { measure, readWav, type Sound } from './wav.js'

export interface LinphoneOptions {
  /** Listens for SIP on UDP and TCP at this port. */
  readonly port: number
}

export class Linphone {
  readonly #place: Place
  readonly #run: string

  private constructor(place: Place, run: string) {
    this.#place = place
    this.#run = run
  }

  /** Registers with the Kamailio that runs in the same place. */
  static start(place: Place, { port }: LinphoneOptions): Linphone {
    const run = join(place.folder, 'linphone-run')
    place.call(['bash', join(peersFolder, 'linphone/start.sh')], { PEERS_RUN: run, PORT: String(port) })
    return new Linphone(place, run)
  }

  /** A line of its console: `call sip:x@y`, `pause`, `resume`, `transfer 1 sip:z@y`, `terminate`, … */
  command(line: string): void {
    appendFileSync(join(this.#run, 'linphone', 'in'), `${line}\n`)
  }

  /** What it printed. */
  get log(): string {
    return readFileSync(join(this.#run, 'linphone.log'), 'utf8')
  }

  /** Waits until it has printed this. */
  says(pattern: RegExp): Promise<void> {
    return until(() => pattern.test(this.log), `linphone did not say ${String(pattern)}`)
  }

  /** Waits until it has recorded so many seconds (16 kHz, 16 bit), or more. */
  hears(seconds: number): Promise<void> {
    return until(() => existsSync(this.#recording) && statSync(this.#recording).size > 32_000 * seconds, 'linphone recorded nothing')
  }

  /** What it heard, once its call has ended. */
  async heard(): Promise<Sound> {
    await this.says(/Call \d+ with .* (ended|error)/)
    return measure(readWav(this.#recording))
  }

  stop(): void {
    this.#place.call(['bash', join(peersFolder, 'linphone/stop.sh')], { PEERS_RUN: this.#run })
  }

  get #recording(): string {
    return join(this.#run, 'linphone', 'heard.wav')
  }
}

async function until(holds: () => boolean, complaint: string): Promise<void> {
  const end = Date.now() + 8000
  while (!holds()) {
    if (Date.now() > end) throw new Error(complaint)
    await sleep(50)
  }
}
