import type { Socket } from 'node:net'
import { endpointText } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'
import type { ConnectionLimits } from './connection-limits.js'

const DEFAULT_CONNECTIONS_PER_ADDRESS = 1024
const DEFAULT_CONNECTIONS = 20_000

/** The ends of a connection, the same for a socket and for the TLS that is put around it. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>

/** Counts the connections that come in, all and by address, and knows those that are no flows yet. */
export class ConnectionCap {
  readonly #maxPerAddress: number
  readonly #max: number
  readonly #counts = new Map<string, number>()
  readonly #handshakes = new Map<string, Socket>()
  #total = 0

  constructor({ maxConnectionsPerAddress = DEFAULT_CONNECTIONS_PER_ADDRESS, maxConnections = DEFAULT_CONNECTIONS }: ConnectionLimits) {
    this.#maxPerAddress = maxConnectionsPerAddress
    this.#max = maxConnections
  }

  /**
   * Takes the socket in until it closes, or destroys it at once because there are enough.
   *
   * @param shared Whether its address stands for many peers and is not counted.
   */
  admit(socket: Socket, shared = false): boolean {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || this.#total >= this.#max) {
      socket.destroy()
      return false
    }
    const key = keyOf(socket)
    this.#total++
    this.#handshakes.set(key, socket)
    socket.once('close', () => {
      this.#total--
      this.#handshakes.delete(key)
    })
    return shared || this.count(socket, remoteAddress)
  }

  /** Counts the socket for this address until it closes, or destroys it at once because the address has enough. */
  count(socket: Socket, address: string): boolean {
    const count = this.#counts.get(address) ?? 0
    if (count >= this.#maxPerAddress) {
      socket.destroy()
      return false
    }
    this.#counts.set(address, count + 1)
    socket.once('close', () => {
      const left = (this.#counts.get(address) ?? 1) - 1
      if (left > 0) this.#counts.set(address, left)
      else this.#counts.delete(address)
    })
    return true
  }

  /** The handshakes of this connection are done. */
  stands(ends: Ends): void {
    this.#handshakes.delete(keyOf(ends))
  }

  /** Destroys what was let in and does not stand. */
  destroyHandshakes(): void {
    for (const socket of this.#handshakes.values()) socket.destroy()
  }
}

function keyOf({ remoteAddress, remotePort, localPort }: Ends): string {
  return `${endpointText(endpointOf(remoteAddress, remotePort))} ${localPort ?? 0}`
}
