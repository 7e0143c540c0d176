import type { Server } from 'node:net'
import { endpointText } from '@offhook/sip-transport'
import type { Endpoint, TransportName } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'
import { toTransportError } from './platform-error.js'

/** Binds a server; an IPv6 wildcard takes IPv6 only, so that both wildcards can be listened on. Rejects with a TransportError. */
export function listenOn(server: Server, transport: TransportName, at: Endpoint): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(toTransportError(error, `Cannot listen on ${transport} ${endpointText(at)}`))
    server.once('error', failed)
    server.listen({ host: at.host, port: at.port, ipv6Only: true, exclusive: true }, () => {
      server.off('error', failed)
      // A listener that is running goes on whatever one accept said, such as "too many open files".
      server.on('error', () => undefined)
      resolve(boundTo(server))
    })
  })
}

/** Stops listening; connections that were accepted go on. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // `close` calls back when the last connection has ended, which may be never.
    server.close()
    resolve()
  })
}

/** Where a server listens. */
export function boundTo(server: Server): Endpoint {
  const address = server.address()
  return typeof address === 'object' && address !== null ? endpointOf(address.address, address.port) : { host: '', port: 0 }
}
