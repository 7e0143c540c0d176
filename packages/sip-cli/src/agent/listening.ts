import type { Listener } from '@offhook/sip-transport'
import { explainTransportFailure } from '../command-line/command-error.js'
import type { Report } from '../command-line/report.js'
import { formatHostPort } from '../command-line/socket-address.js'
import type { ListenAddress } from '../command-line/socket-address.js'

/** Whatever can listen: a user agent or a server. */
interface Listens {
  listen(at: ListenAddress): Promise<Listener>
}

/** Listens at all of `addresses` and tells of each. @throws CommandError with one line about the first that cannot be had */
export async function listenAt(agent: Listens, addresses: readonly ListenAddress[], report: Report): Promise<void> {
  for (const address of addresses) {
    const listener = await agent.listen(address).catch((error: unknown) => {
      throw explainTransportFailure(error, { where: where(address), alternative: `--listen ${where({ ...address, port: 0 })}` })
    })
    const { host, port } = listener.local
    report.event('listening', { transport: address.transport, host, port }, `Listening on ${where({ ...address, host, port })}`)
  }
}

/** As it is written on the command line. */
export function where({ transport, host, port }: ListenAddress): string {
  return `${transport.toLowerCase()}:${formatHostPort(host, port)}`
}
