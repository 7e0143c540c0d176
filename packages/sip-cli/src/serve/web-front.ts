import type { Server } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { explainTransportFailure } from '../command-line/command-error.js'
import { formatHostPort } from '../command-line/socket-address.js'
import type { OnlineList } from './online-list.js'
import type { PageFile } from './page-files.js'
import { createPageServer, listenHttp } from './page-server.js'

/** One address that browsers open: the page, and SIP over WebSocket beside it. */
export interface WebAddress {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  /** The option that chose it, for the remedy when it cannot be had. */
  readonly alternative: string
}

/** Options of {@link WebFront}. */
export interface WebFrontOptions {
  readonly addresses: readonly WebAddress[]
  readonly files: ReadonlyMap<string, PageFile>
  readonly online: OnlineList
  /** Further host names of this server. */
  readonly hosts: readonly string[]
  /** Further pages that may connect. */
  readonly origins: readonly string[]
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
}

/** The HTTP and HTTPS servers of the page. All upgrades of one kind arrive at the first server of that kind. */
export class WebFront {
  readonly #addresses: readonly WebAddress[]
  readonly #servers: readonly Server[]
  readonly #hosts: ReadonlySet<string>
  readonly #origins: readonly string[]

  constructor(options: WebFrontOptions) {
    const { addresses, files, online, tls } = options
    this.#addresses = addresses
    this.#hosts = new Set(['localhost', hostname().toLowerCase(), ...options.hosts.map((host) => host.toLowerCase()), ...options.origins.map(hostOf)])
    this.#origins = options.origins
    const isOurHost = (host: string): boolean => this.#isOurs(host)
    this.#servers = addresses.map(({ secure }) => createPageServer({ files, online, isOurHost, ...(secure && tls !== undefined ? { tls } : {}) }))
    for (const secure of [false, true]) {
      const [first, ...others] = this.#servers.filter((_, index) => addresses[index]?.secure === secure)
      for (const other of others) other.on('upgrade', (...upgrade) => first?.emit('upgrade', ...upgrade))
    }
  }

  /** The server that takes WebSockets of that kind. */
  hub(secure: boolean): Server | undefined {
    return this.#servers[this.#addresses.findIndex((address) => address.secure === secure)]
  }

  /** Listens; gives the URLs of the page. @throws CommandError with one line when an address cannot be had */
  async listen(): Promise<URL[]> {
    const urls: URL[] = []
    for (const [index, { secure, host, port, alternative }] of this.#addresses.entries()) {
      const server = this.#servers[index]
      if (server === undefined) continue
      const used = await listenHttp(server, host, port).catch((error: unknown) => {
        throw explainTransportFailure(error, { where: formatHostPort(host, port), alternative })
      })
      urls.push(new URL(`${secure ? 'https' : 'http'}://${formatHostPort(host, used)}/`))
    }
    return urls
  }

  /** The pages that may open a WebSocket here: those that this server hands out, under any of its names, and those of `--origin`. */
  allowedOrigins(urls: readonly URL[]): string[] {
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []).map(({ address }) => address)
    const names = [...this.#hosts, '127.0.0.1', '::1', ...addresses.filter((address) => !address.includes('%'))]
    return [...this.#origins, ...urls.flatMap(({ protocol, port }) => names.map((name) => `${protocol}//${formatHostPort(name, Number(port || defaultPorts[protocol]))}`))]
  }

  close(): void {
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
  }

  /** An address cannot be a foreign name that somebody pointed at us; names have to be ours. */
  #isOurs(host: string): boolean {
    return isIP(host) !== 0 || host.endsWith('.localhost') || this.#hosts.has(host)
  }
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase() : origin
}
