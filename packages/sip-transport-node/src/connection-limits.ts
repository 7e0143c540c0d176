import type { Socket } from 'node:net'
import { endpointText } from '@offhook/sip-transport'
import type { Flow } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'

/** What one connection, and one peer address, may cost. */
export interface ConnectionLimits {
  /** How long a dial or a handshake may take, in milliseconds: 10,000 unless told. */
  readonly handshakeTimeout?: number
  /** How many connections one address may hold at a time, handshakes included: 1,024 unless told. Raise it behind a reverse proxy. */
  readonly maxConnectionsPerAddress?: number
  /** How many bytes may wait for a peer that does not read before its connection is cut: 1 MiB unless told. */
  readonly maxQueuedBytes?: number
}

export const DEFAULT_HANDSHAKE_TIMEOUT = 10_000
export const DEFAULT_CONNECTIONS_PER_ADDRESS = 1024
export const DEFAULT_QUEUED_BYTES = 1_048_576
/** How long a closed connection may take to hand over what was sent, in milliseconds. */
export const LINGER = 2000

/** Counts the connections of each address, and knows those that are no flows yet. */
export class AddressCap {
  readonly #max: number
  readonly #counts = new Map<string, number>()
  readonly #sockets = new Set<Socket>()

  constructor(max: number = DEFAULT_CONNECTIONS_PER_ADDRESS) {
    this.#max = max
  }

  /** Takes the socket in until it closes, or destroys it at once because its address has enough. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress
    const count = this.#counts.get(address ?? '') ?? 0
    if (address === undefined || count >= this.#max) {
      socket.destroy()
      return false
    }
    this.#counts.set(address, count + 1)
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      const left = (this.#counts.get(address) ?? 1) - 1
      if (left > 0) this.#counts.set(address, left)
      else this.#counts.delete(address)
    })
    return true
  }

  /** Destroys what was let in and is none of these flows: handshakes under way. */
  destroyAllBut(flows: Iterable<Flow>): void {
    const standing = new Set<string>()
    for (const { remote } of flows) standing.add(endpointText(remote))
    for (const socket of this.#sockets) {
      if (!standing.has(endpointText(endpointOf(socket.remoteAddress, socket.remotePort)))) socket.destroy()
    }
  }
}
