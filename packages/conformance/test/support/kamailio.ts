// Kamailio as registrar and record-routing proxy with digest, on every transport.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder } from './peers.js'
import type { Place } from './place.js'

export class Kamailio {
  static readonly ports = { udp: 15060, tcp: 15060, tls: 15061, ws: 15080, wss: 15081 } as const
  readonly #place: Place
  readonly #run: string

  private constructor(place: Place, run: string) {
    this.#place = place
    this.#run = run
  }

  static start(place: Place, flags: readonly string[] = ['WITH_TLS', 'WITH_AUTH']): Kamailio {
    const run = join(place.folder, 'kamailio-run')
    place.call(['bash', join(peersFolder, 'kamailio/start.sh'), ...flags], { PEERS_RUN: run })
    return new Kamailio(place, run)
  }

  /** The certificate that signed its own. */
  get authority(): string {
    return join(this.#run, 'certs', 'ca.crt')
  }

  /** Its log, for failure messages. */
  get log(): string {
    return readFileSync(join(this.#run, 'kamailio.log'), 'utf8').slice(-3000)
  }

  stop(): void {
    this.#place.call(['bash', join(peersFolder, 'kamailio/stop.sh')], { PEERS_RUN: this.#run })
  }
}
