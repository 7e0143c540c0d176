// baresip as a headless phone: sends a tone or echoes, records what it hears.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { peersFolder } from './peers.js'
import type { Place } from './place.js'
import { measure, readWav, type Sound } from './wav.js'

export interface BaresipOptions {
  /** Listens for SIP on 127.0.0.1 at this port. */
  readonly port: number
  /** `sine:440` or `echo`. */
  readonly source: string
  /** Settings of the start script, by their names there. */
  readonly env?: Readonly<Record<string, string>>
}

const control = 17444

/** baresip that runs until its place closes. */
export class Baresip {
  readonly #place: Place
  readonly #run: string

  private constructor(place: Place, run: string) {
    this.#place = place
    this.#run = run
  }

  static start(place: Place, { port, source, env = {} }: BaresipOptions): Baresip {
    const run = join(place.folder, 'baresip-run')
    // Unbuffered, so that its status line can be followed.
    place.call(['stdbuf', '-o0', 'bash', join(peersFolder, 'baresip/start.sh'), 'phone'], {
      PEERS_RUN: run, PORT: String(port), CTRL: String(control), SRC: source, PROXY: '', CODECS: 'PCMU/8000/1,PCMA/8000/1', CHANNELS: '2', ...env,
    })
    return new Baresip(place, run)
  }

  dial(uri: string): void {
    this.command('dial', uri)
  }

  /** `hold`, `resume`, `accept`, `transfer`, … */
  command(...words: string[]): void {
    this.#place.call([process.execPath, join(peersFolder, 'baresip/ctl.mjs'), String(control), ...words])
  }

  /** Waits until it receives audio, or none: its status line names the rate, several times a second. */
  async hears(something: boolean, limit = 8000): Promise<void> {
    const end = Date.now() + limit
    const from = this.#log.length
    for (;;) {
      const rate = Number([...this.#log.slice(from).matchAll(/audio=\d+\/(\d+)/g)].at(-1)?.[1])
      if (something ? rate > 20_000 : rate === 0) return
      if (Date.now() > end) throw new Error(`baresip ${something ? 'heard nothing' : 'still heard something'} for ${limit} ms:\n${this.#log.slice(-2000)}`)
      await sleep(50)
    }
  }

  get #log(): string {
    return readFileSync(join(this.#run, 'phone.log'), 'utf8')
  }

  hangUp(): void {
    this.command('hangup')
  }

  /** Ends it, and measures what it heard. */
  stop(): Sound | undefined {
    this.#place.call(['bash', join(peersFolder, 'baresip/stop.sh'), 'phone'], { PEERS_RUN: this.#run })
    const folder = join(this.#run, 'phone')
    const heard = readdirSync(folder).filter((file) => /^dump-.*-dec\.wav$/.test(file)).sort().at(-1)
    return heard === undefined ? undefined : measure(readWav(join(folder, heard)))
  }
}
