// Which peers are here, and a `describe` that says why it is skipped where they are not.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { noNamespaces, Place } from './place.js'

/** The folder of start scripts and scenarios, beside the repository; a stranger's clone has none. */
export const peersFolder: string = fileURLToPath(new URL('../../../../../shared/peers', import.meta.url))

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

export type Peer = 'sipp' | 'kamailio' | 'baresip' | 'linphonec' | 'scripts'

const packagesOf: Readonly<Record<Peer, string>> = {
  sipp: 'apt-get install sip-tester',
  kamailio: 'apt-get install kamailio kamailio-tls-modules kamailio-websocket-modules',
  baresip: 'apt-get install baresip-core',
  linphonec: 'apt-get install linphone-cli',
  scripts: 'the folder ../shared/peers is not beside this repository',
}

const isHere = (peer: Peer): boolean => (peer === 'scripts' ? existsSync(join(peersFolder, 'lib.sh')) : folders.some((folder) => existsSync(join(folder, peer))))

/** Why a test that needs these peers cannot run; undefined when it can. */
function reasonToSkip(peers: readonly Peer[]): string | undefined {
  const absent = peers.find((peer) => !isHere(peer))
  if (absent !== undefined) return absent === 'scripts' ? packagesOf.scripts : `${absent} is not installed (${packagesOf[absent]})`
  return noNamespaces
}

/**
 * A `describe` whose tests run in one network namespace with the peers they name, or are skipped with the reason printed.
 * `body` gets the place before it is open: use it inside tests only.
 */
export function describeWith(peers: readonly Peer[], title: string, body: (place: () => Place) => void): void {
  const reason = reasonToSkip(peers)
  if (reason !== undefined) console.log(`skipping "${title}": ${reason}`)
  describe.skipIf(reason !== undefined)(title, () => {
    let place: Place | undefined
    body(() => {
      if (place === undefined) throw new Error('The place is open inside tests only')
      return place
    })
    beforeAll(async () => {
      place = await Place.open()
    })
    afterEach(async () => {
      await place?.clear()
    })
    afterAll(async () => {
      await place?.close()
    })
  })
}
