import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Where a packet came from or goes to; IPv6 without brackets. */
export interface RtpAddress {
  readonly host: string
  readonly port: number
}

const portTries = 8

/** A datagram socket for one stream. */
export class RtpSocket {
  readonly #socket: Socket
  readonly local: RtpAddress
  #closed = false

  private constructor(socket: Socket, local: RtpAddress) {
    this.#socket = socket
    this.local = local
  }

  /**
   * Binds a port on `host`, an even one where the system gives one soon, so that the RTCP of a peer that does not
   * multiplex ends at a port that no other stream of ours has (RFC 3550 §11). Rejects with what the system says.
   */
  static async open(host: string, receive: (packet: Uint8Array, from: RtpAddress) => void): Promise<RtpSocket> {
    for (let tries = 1; ; tries++) {
      const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
      await bind(socket, host)
      const { port } = socket.address()
      if (port % 2 === 0 || tries === portTries) {
        // An ICMP "port unreachable" of a peer that has gone is no concern of ours.
        socket.on('error', () => undefined)
        socket.on('message', (packet, { address, port: from }) => receive(packet, { host: address, port: from }))
        return new RtpSocket(socket, { host, port })
      }
      socket.close()
    }
  }

  send(packet: Uint8Array, to: RtpAddress): void {
    if (!this.#closed) this.#socket.send(packet, to.port, to.host)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }
}

function bind(socket: Socket, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ address: host, port: 0, exclusive: true }, () => {
      socket.removeAllListeners('error')
      resolve()
    })
  })
}

/** Remembers which of our addresses the system uses towards a host. */
export class LocalAddresses {
  readonly #known = new Map<string, Promise<string>>()

  /** Our address towards `host`; a loopback address where the system knows no way, which then fails by itself. */
  towards(host: string): Promise<string> {
    let address = this.#known.get(host)
    if (address === undefined) {
      if (this.#known.size >= 1000) this.#known.clear()
      this.#known.set(host, (address = probe(host)))
    }
    return address
  }
}

function probe(host: string): Promise<string> {
  const family = isIPv6(host) ? 'udp6' : 'udp4'
  const fallback = family === 'udp6' ? '::1' : '127.0.0.1'
  return new Promise((resolve) => {
    const socket = createSocket(family)
    const settle = (address: string): void => {
      socket.close()
      resolve(address)
    }
    socket.once('error', () => settle(fallback))
    // Connecting a datagram socket sends nothing, it only chooses the way.
    socket.connect(9, host, () => settle(socket.address().address))
  })
}
