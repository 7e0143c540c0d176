import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { answerBinding, endpointText, looksLikeStun } from '@offhook/sip-transport'
import type { Endpoint, Flow, FlowReceiver, TransportError } from '@offhook/sip-transport'
import { endpointOf, isWildcard, literalLookup, localAddressTowards, sentByOf } from './addresses.js'
import { toTransportError } from './platform-error.js'

/** What a {@link UdpSocket} may cost. Sizes in bytes. */
export interface UdpSocketOptions {
  readonly receiveBufferSize: number
  readonly maxFlows: number
  readonly maxRequestBytes: number
}

/** A bound socket and the remote addresses it has spoken with. */
export class UdpSocket {
  readonly local: Endpoint
  readonly #socket: Socket
  readonly #receiver: FlowReceiver
  readonly #options: UdpSocketOptions
  readonly #flows = new Map<string, UdpFlow>()
  /** The last one heard: most datagrams come in a row from one peer. */
  #last: UdpFlow | undefined
  #closed = false

  private constructor(socket: Socket, receiver: FlowReceiver, options: UdpSocketOptions) {
    const { address, port } = socket.address()
    this.local = endpointOf(address, port)
    this.#socket = socket
    this.#receiver = receiver
    this.#options = options
    socket.on('message', (bytes, from) => {
      if (!looksLikeStun(bytes) || !this.#answered(bytes, from)) receiver.received(this.#heard(from), bytes)
    })
    // Errors of single datagrams come to their flows; what else a socket says does not end it.
    socket.on('error', () => undefined)
  }

  /** Rejects with what the platform said. */
  static bind(at: Endpoint, receiver: FlowReceiver, options: UdpSocketOptions): Promise<UdpSocket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(
        isIP(at.host) === 6 ? { type: 'udp6', ipv6Only: true, lookup: literalLookup(6) } : { type: 'udp4', lookup: literalLookup(4) },
      )
      const failed = (error: Error): void => {
        socket.close()
        reject(error)
      }
      socket.once('error', failed)
      socket.bind({ address: at.host, port: at.port, exclusive: true }, () => {
        socket.off('error', failed)
        enlarge(socket, options.receiveBufferSize)
        resolve(new UdpSocket(socket, receiver, options))
      })
    })
  }

  /** The flow to a remote address, the same object as long as it is remembered. */
  flow(host: string, port: number, direction: 'inbound' | 'outbound'): UdpFlow {
    const key = `${host} ${port}`
    const known = this.#flows.get(key)
    if (known !== undefined) return known
    if (this.#flows.size >= this.#options.maxFlows) this.#forgetOldest()
    const flow = new UdpFlow(this, key, { host, port }, direction, this.#options.maxRequestBytes)
    this.#flows.set(key, flow)
    return flow
  }

  send(bytes: Uint8Array, flow: UdpFlow, sent: (error: Error | null) => void): void {
    if (this.#closed) this.ended(flow)
    else this.#socket.send(bytes, flow.remote.port, flow.remote.host, sent)
  }

  /** Tells of the end of a flow. */
  ended(flow: UdpFlow, error?: TransportError): void {
    if (this.#flows.get(flow.key) === flow) this.#flows.delete(flow.key)
    if (this.#last === flow) this.#last = undefined
    this.#receiver.closed(flow, error)
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#closed = true
    for (const flow of [...this.#flows.values()]) flow.close()
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }

  /** A peer that keeps its way open by STUN (RFC 5626 §8). @returns Whether it was that. */
  #answered(bytes: Uint8Array, { address, port }: RemoteInfo): boolean {
    const answer = answerBinding(bytes, endpointOf(address, port))
    if (answer !== undefined && !this.#closed) this.#socket.send(answer, port, address, () => undefined)
    return answer !== undefined
  }

  #heard(from: RemoteInfo): UdpFlow {
    const last = this.#last
    if (last?.remote.port === from.port && last.remote.host === from.address) return last
    const flow = this.flow(from.address, from.port, 'inbound')
    this.#last = flow
    return flow
  }

  #forgetOldest(): void {
    for (const key of this.#flows.keys()) {
      this.#flows.delete(key)
      return
    }
  }
}

/** A bound socket with one remote address. */
class UdpFlow implements Flow {
  readonly transport = 'UDP'
  readonly reliable = false
  readonly key: string
  readonly remote: Endpoint
  readonly direction: 'inbound' | 'outbound'
  readonly maxRequestBytes: number
  readonly #socket: UdpSocket
  readonly #sent: (error: Error | null) => void
  #local: Endpoint | undefined
  #open = true

  constructor(socket: UdpSocket, key: string, remote: Endpoint, direction: 'inbound' | 'outbound', maxRequestBytes: number) {
    this.#socket = socket
    this.key = key
    this.remote = remote
    this.direction = direction
    this.maxRequestBytes = maxRequestBytes
    this.#sent = (error) => {
      if (error !== null) this.#fail(error)
    }
  }

  /** Concrete even where the socket is bound to a wildcard; found out at first need, because answering needs it not. */
  get local(): Endpoint {
    this.#local ??= { host: this.#localHost(), port: this.#socket.local.port }
    return this.#local
  }

  get sentBy(): string {
    return isWildcard(this.#socket.local.host) ? sentByOf(this.#socket.local, this.local.host) : endpointText(this.#socket.local)
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#socket.send(bytes, this, this.#sent)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#socket.ended(this)
  }

  #fail(error: Error): void {
    if (!this.#open) return
    this.#open = false
    this.#socket.ended(this, toTransportError(error, `Cannot send to UDP ${endpointText(this.remote)}`))
  }

  #localHost(): string {
    const bound = this.#socket.local.host
    return isWildcard(bound) ? (localAddressTowards(this.remote.host) ?? bound) : bound
  }
}

/** The largest receive buffer up to `size` that the system grants; a burst is lost where it is small. */
function enlarge(socket: Socket, size: number): void {
  for (let wanted = size; wanted > socket.getRecvBufferSize(); wanted /= 2) {
    try {
      socket.setRecvBufferSize(Math.floor(wanted))
      return
    } catch {
      // More than this system allows.
    }
  }
}
