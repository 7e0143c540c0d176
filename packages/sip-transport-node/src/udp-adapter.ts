import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { MAX_REQUEST_BYTES, TransportError, datagramResponseRouting, endpointText } from '@offhook/sip-transport'
import type { Adapter, AdapterFactory, Endpoint, Flow, FlowReceiver, Listener, ResponseRouting, Target } from '@offhook/sip-transport'
import { isWildcard, localAddressTowards } from './addresses.js'
import { UdpSocket } from './udp-socket.js'
import { toTransportError } from './platform-error.js'

/** What {@link udpAdapter} takes. */
export interface UdpAdapterOptions {
  /** Receive buffer of each socket, in bytes: 4 MiB unless told. The system may grant less. */
  readonly receiveBufferSize?: number
  /** How many remote addresses each socket remembers: 10,000 unless told. Those it forgets can still be sent to. */
  readonly maxFlows?: number
  /**
   * The largest request to send, in bytes, where TCP can be had instead: 1,300 unless told. Where the path MTU is known, 200 less
   * than that (RFC 3261 §18.1.1).
   */
  readonly maxRequestBytes?: number
}

const DEFAULT_RECEIVE_BUFFER = 4_194_304
const DEFAULT_MAX_FLOWS = 10_000

/** UDP over IPv4 and IPv6. Requests leave from a listener where one fits, else from a socket of their own. */
export function udpAdapter(options: UdpAdapterOptions = {}): AdapterFactory {
  return (receiver) => new UdpAdapter(receiver, options)
}

class UdpAdapter implements Adapter {
  readonly transport = 'UDP'
  readonly framing = 'datagram'
  readonly responseRouting: ResponseRouting = datagramResponseRouting
  readonly #receiver: FlowReceiver
  readonly #receiveBufferSize: number
  readonly #maxFlows: number
  readonly #maxRequestBytes: number
  readonly #listeners = new Set<UdpSocket>()
  /** Sockets for requests that no listener can send, by family. */
  readonly #dialling = new Map<number, Promise<UdpSocket>>()
  #closed = false

  constructor(receiver: FlowReceiver, options: UdpAdapterOptions) {
    this.#receiver = receiver
    this.#receiveBufferSize = options.receiveBufferSize ?? DEFAULT_RECEIVE_BUFFER
    this.#maxFlows = options.maxFlows ?? DEFAULT_MAX_FLOWS
    this.#maxRequestBytes = options.maxRequestBytes ?? MAX_REQUEST_BYTES
  }

  async connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    stopIfAborted(signal)
    const host = isIP(target.host) === 0 ? await this.#resolve(target.host) : target.host
    stopIfAborted(signal)
    const socket = this.#listenerTowards(host, target.local) ?? (await this.#ownSocket(isIP(host)))
    stopIfAborted(signal)
    return socket.flow(host, target.port, 'outbound')
  }

  async listen(at: Endpoint): Promise<Listener> {
    const host = isIP(at.host) === 0 ? await this.#resolve(at.host) : at.host
    const socket = await this.#bind({ host, port: at.port })
    this.#listeners.add(socket)
    return {
      transport: 'UDP',
      local: socket.local,
      close: () => {
        this.#listeners.delete(socket)
        return socket.close()
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const sockets = [...this.#listeners]
    for (const own of this.#dialling.values()) sockets.push(await own)
    this.#listeners.clear()
    this.#dialling.clear()
    await Promise.all(sockets.map((socket) => socket.close()))
  }

  async #resolve(host: string): Promise<string> {
    try {
      return (await lookup(host)).address
    } catch (error) {
      throw toTransportError(error, `Cannot find UDP ${host}`)
    }
  }

  /** The listener that was asked for, or one from whose address the remote is reached. */
  #listenerTowards(remote: string, wanted: Endpoint | undefined): UdpSocket | undefined {
    const family = isIP(remote)
    const fitting = [...this.#listeners].filter(({ local }) => isIP(local.host) === family)
    const named = fitting.find(({ local }) => local.port === wanted?.port && (isWildcard(local.host) || local.host === wanted.host))
    if (named !== undefined || fitting.length === 0) return named
    const concrete = localAddressTowards(remote)
    return fitting.find(({ local }) => isWildcard(local.host) || local.host === concrete || (isLoopback(local.host) && isLoopback(remote)))
  }

  #ownSocket(family: number): Promise<UdpSocket> {
    const standing = this.#dialling.get(family)
    if (standing !== undefined) return standing
    const binding = this.#bind({ host: family === 6 ? '::' : '0.0.0.0', port: 0 })
    this.#dialling.set(family, binding)
    binding.catch(() => this.#dialling.delete(family))
    return binding
  }

  async #bind(at: Endpoint): Promise<UdpSocket> {
    if (this.#closed) throw new TransportError('closed', 'The UDP adapter is closed.')
    try {
      return await UdpSocket.bind(at, this.#receiver, { receiveBufferSize: this.#receiveBufferSize, maxFlows: this.#maxFlows, maxRequestBytes: this.#maxRequestBytes })
    } catch (error) {
      throw toTransportError(error, `Cannot listen on UDP ${endpointText(at)}`)
    }
  }
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new TransportError('aborted', 'The connection attempt was given up.', signal.reason)
}
