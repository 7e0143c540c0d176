import type { SipServer } from '@offhook/sip-server'
import { transportCodeOf } from '../command-line/command-error.js'
import { listenAt } from '../agent/listening.js'
import { formatHostPort } from '../command-line/socket-address.js'
import type { ListenAddress } from '../command-line/socket-address.js'
import type { Report } from '../command-line/report.js'

const defaultHost = '127.0.0.1'
const defaultPort = 5060
const tries = 5

/**
 * Listens for SIP at `wanted`, or when nothing is wanted on UDP and TCP of 127.0.0.1:5060. That port was not asked for by name:
 * when another program has it, a free one does as well, with a word to the person.
 */
export async function listenForSip(server: SipServer, wanted: readonly ListenAddress[], report: Report): Promise<void> {
  if (wanted.length > 0) {
    await listenAt(server, wanted, report)
    return
  }
  const port = (await listenBoth(server, defaultPort)) ?? (await findFreePort(server))
  if (port !== defaultPort) {
    report.warning('address-in-use', `port ${defaultPort} is taken by another program, so SIP is on port ${port}; choose one yourself with --listen udp:${formatHostPort(defaultHost, 5070)}`)
  }
  for (const transport of ['UDP', 'TCP'] as const) {
    report.event('listening', { transport, host: defaultHost, port }, `SIP         ${transport.toLowerCase()}:${formatHostPort(defaultHost, port)}`)
  }
}

async function findFreePort(server: SipServer): Promise<number> {
  for (let left = tries; left > 0; left--) {
    const port = await listenBoth(server, 0)
    if (port !== undefined) return port
  }
  const { local } = await server.listen({ transport: 'UDP', host: defaultHost, port: 0 })
  return local.port
}

/** Takes the same port on UDP and TCP; `undefined` when one of them is in use. */
async function listenBoth(server: SipServer, port: number): Promise<number | undefined> {
  try {
    const udp = await server.listen({ transport: 'UDP', host: defaultHost, port })
    try {
      await server.listen({ transport: 'TCP', host: defaultHost, port: udp.local.port })
      return udp.local.port
    } catch (error) {
      await udp.close()
      throw error
    }
  } catch (error) {
    if (transportCodeOf(error) === 'address-in-use') return undefined
    throw error
  }
}
