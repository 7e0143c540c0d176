// baresip as a headless phone: sends a tone or echoes, records what it hears.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
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
    place.call(['bash', join(peersFolder, 'baresip/start.sh'), 'phone'], {
      PEERS_RUN: run, PORT: String(port), CTRL: String(control), SRC: source, PROXY: '', CODECS: 'PCMU/8000/1,PCMA/8000/1', CHANNELS: '2', ...env,
    })
    return new Baresip(place, run)
  }

  dial(uri: string): void {
    this.#command('dial', uri)
  }

  hangUp(): void {
    this.#command('hangup')
  }

  /** Ends it, and measures what it heard. */
  stop(): Sound | undefined {
    this.#place.call(['bash', join(peersFolder, 'baresip/stop.sh'), 'phone'], { PEERS_RUN: this.#run })
    const folder = join(this.#run, 'phone')
    const heard = readdirSync(folder).filter((file) => /^dump-.*-dec\.wav$/.test(file)).sort().at(-1)
    return heard === undefined ? undefined : measure(readWav(join(folder, heard)))
  }

  #command(...words: string[]): void {
    this.#place.call([process.execPath, join(peersFolder, 'baresip/ctl.mjs'), String(control), ...words])
  }
}
