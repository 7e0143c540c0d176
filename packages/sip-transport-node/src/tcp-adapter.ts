import { connect, createServer } from 'node:net'
import type { AdapterFactory } from '@offhook/sip-transport'
import type { ConnectionLimits } from './connection-limits.js'
import { StreamAdapter } from './stream-adapter.js'

/** TCP, listening and dialling. */
export function tcpAdapter(options: ConnectionLimits = {}): AdapterFactory {
  return (receiver) =>
    new StreamAdapter(
      receiver,
      {
        transport: 'TCP',
        ready: 'connect',
        dial: ({ host, port }) => connect({ host, port, noDelay: true, keepAlive: true }),
        serve: (accept) => createServer({ noDelay: true, keepAlive: true }, accept),
      },
      options,
    )
}
