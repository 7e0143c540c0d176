// baresip as a headless phone: sends a tone or echoes, records what it hears.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
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

/** baresip that runs until its test is over. */
export class Baresip {
  readonly #place: Place
  readonly #run: string

  private constructor(place: Place, run: string) {
    this.#place = place
    this.#run = run
  }

  static start(place: Place, { port, source, env = {} }: BaresipOptions): Baresip {
    const run = join(place.folder, 'baresip-run')
    place.call(['bash', join(peersFolder, 'baresip/start.sh'), 'phone'], {
      PEERS_RUN: run, PORT: String(port), CTRL: String(control), SRC: source, PROXY: '', CODECS: 'PCMU/8000/1,PCMA/8000/1', CHANNELS: '2', ...env,
    })
    const phone = new Baresip(place, run)
    onTestFinished(() => void phone.stop())
    return phone
  }

  dial(uri: string): void {
    this.command('dial', uri)
  }

  /** `hold`, `resume`, `accept`, `transfer`, … */
  command(...words: string[]): void {
    this.#place.call([process.execPath, join(peersFolder, 'baresip/ctl.mjs'), String(control), ...words])
  }

  /** Waits until it has recorded more than so many seconds (8 kHz, 16 bit) of what it hears; a hold ends its recording. */
  async hears(seconds: number): Promise<void> {
    const end = Date.now() + 10_000
    while (this.#recording === undefined || statSync(this.#recording).size < 16_000 * seconds) {
      if (Date.now() > end) throw new Error(`baresip heard nothing:\n${readFileSync(join(this.#run, 'phone.log'), 'utf8').slice(-2000)}`)
      await sleep(50)
    }
  }

  hangUp(): void {
    this.command('hangup')
  }

  /** Ends it, and measures what it heard. */
  stop(): Sound | undefined {
    this.#place.call(['bash', join(peersFolder, 'baresip/stop.sh'), 'phone'], { PEERS_RUN: this.#run })
    return this.heard()
  }

  /** Measures what it has recorded until now. */
  heard(): Sound | undefined {
    return this.#recording === undefined ? undefined : measure(readWav(this.#recording))
  }

  /** The last recording of what it heard. */
  get #recording(): string | undefined {
    const folder = join(this.#run, 'phone')
    const heard = readdirSync(folder).filter((file) => /^dump-.*-dec\.wav$/.test(file)).sort().at(-1)
    return heard && join(folder, heard)
  }
}
