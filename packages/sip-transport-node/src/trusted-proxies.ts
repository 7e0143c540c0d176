import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { TransportError, bareHost } from '@offhook/sip-transport'
import type { Endpoint } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'

/** Reverse proxies in front of a WebSocket listener, which say where their clients are. */
export interface ReverseProxies {
  /** Their addresses, or networks such as `10.0.0.0/8`. Nobody else is believed. */
  readonly trusted: readonly string[]
  /**
   * The one header field that they set and do not let through from their clients: `x-forwarded-for` unless told, or
   * `forwarded` (RFC 7239). The other one is never looked at, since anybody could have written it.
   */
  readonly header?: 'x-forwarded-for' | 'forwarded'
}

/** Finds out who is behind a reverse proxy. */
export class TrustedProxies {
  readonly #trusted = new BlockList()
  readonly #header: 'x-forwarded-for' | 'forwarded'

  /** @throws {TransportError} `bad-address` for what is neither an address nor a network. */
  constructor({ trusted, header = 'x-forwarded-for' }: ReverseProxies) {
    this.#header = header
    for (const text of trusted) this.#trust(text)
  }

  has(address: string | undefined): boolean {
    const { host } = endpointOf(address, 0)
    const family = isIP(host)
    return family !== 0 && this.#trusted.check(host, family === 6 ? 'ipv6' : 'ipv4')
  }

  /**
   * Where the client of the opening really is: what the proxy nearest to us added is believed, and what stands before that
   * only as long as it is a trusted proxy, too. `undefined` when the connection is not a trusted proxy's, or that says nothing usable.
   */
  clientOf(request: IncomingMessage): Endpoint | undefined {
    const { remoteAddress, remotePort } = request.socket
    if (!this.has(remoteAddress)) return undefined
    const nodes = this.#nodesOf(request)
    let client: Endpoint | undefined
    for (const text of nodes.reverse()) {
      const node = nodeOf(text, remotePort ?? 0)
      if (node === undefined) return client
      client = node
      if (!this.has(node.host)) return client
    }
    return client
  }

  #nodesOf({ headers }: IncomingMessage): string[] {
    if (this.#header === 'x-forwarded-for') {
      const value = headers['x-forwarded-for'] ?? ''
      return (typeof value === 'string' ? value : value.join()).split(',')
    }
    return (headers.forwarded ?? '').split(',').map((element) => /(?:^|;)\s*for=("[^"]*"|[^;,\s]*)/i.exec(element)?.[1] ?? '')
  }

  #trust(text: string): void {
    const [host = '', prefix] = text.split('/')
    const family = isIP(host) === 6 ? 'ipv6' : 'ipv4'
    try {
      if (prefix === undefined) this.#trusted.addAddress(host, family)
      else this.#trusted.addSubnet(host, Number(prefix), family)
    } catch (error) {
      throw new TransportError('bad-address', `${text} is neither an address nor a network.`, error)
    }
  }
}

/** An address as proxies write it: bare, quoted, in brackets, with or without a port. */
function nodeOf(text: string, defaultPort: number): Endpoint | undefined {
  const plain = text.trim().replace(/^"|"$/g, '')
  if (isIP(plain) !== 0) return { host: endpointOf(plain, 0).host, port: defaultPort }
  const colon = plain.lastIndexOf(':')
  const host = bareHost(plain.endsWith(']') ? plain : plain.slice(0, Math.max(colon, 0)))
  const port = plain.endsWith(']') ? defaultPort : Number(plain.slice(colon + 1))
  return isIP(host) === 0 || !Number.isInteger(port) || port < 0 || port > 65_535 ? undefined : { host: endpointOf(host, 0).host, port }
}
