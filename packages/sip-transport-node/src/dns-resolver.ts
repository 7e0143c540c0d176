import { NODATA, NOTFOUND, Resolver as Dns, lookup } from 'node:dns/promises'
import type { RecordWithTtl } from 'node:dns'
import { TransportError } from '@offhook/sip-transport'
import { localAddressTowards } from './addresses.js'
import { orderAddresses } from './address-order.js'
import { toTransportError } from './platform-error.js'
import type { Answer, Resolver } from './resolver.js'

/** What {@link dnsResolver} may be told. */
export interface DnsResolverOptions {
  /** DNS servers to ask, as `address` or `address:port`; those of the system unless told. */
  readonly servers?: readonly string[]
  /**
   * Who knows the addresses of hosts. `system` (`getaddrinfo`): hosts file, whatever else the machine is set up for, and DNS, in the
   * order of RFC 6724; it does not tell how long they hold. `dns`: A and AAAA records with their TTL, from the servers alone.
   * `system` unless told, `dns` when `servers` are told.
   */
  readonly hosts?: 'system' | 'dns'
  /** How long a server may take for an answer at first, in ms; later tries are given more. 2,000 unless told. */
  readonly timeout?: number
  /** How often each server is asked: 2 unless told. */
  readonly tries?: number
}

/** `getaddrinfo` calls a name without addresses so; Node's resolver says NOTFOUND or NODATA. */
const NOTHING: ReadonlySet<unknown> = new Set([NOTFOUND, NODATA, 'ENOTFOUND', 'ENODATA'])

/**
 * Asks DNS through Node's own resolver (c-ares), over UDP and, when an answer was cut short, over TCP. Aliases (CNAME) are followed
 * by the servers. Rejects with a `TransportError`: `timed-out`, else `unreachable`; its `cause` has the code of DNS.
 */
export function dnsResolver(options: DnsResolverOptions = {}): Resolver {
  const { servers, timeout = 2_000, tries = 2, hosts = servers === undefined ? 'system' : 'dns' } = options
  const dns = new Dns({ timeout, tries })
  if (servers !== undefined) dns.setServers([...servers])
  return {
    addresses: (host) => (hosts === 'system' ? systemAddresses(host) : dnsAddresses(dns, host)),
    services: (name) => recordsOf(name, 'SRV', () => dns.resolveSrv(name)),
    pointers: (domain) => recordsOf(domain, 'NAPTR', () => dns.resolveNaptr(domain)),
  }
}

function systemAddresses(host: string): Promise<Answer<string>> {
  return recordsOf(host, 'address', async () => (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address))
}

/** Both families are asked for; what one of them has is used when the other cannot be had (RFC 7984 §3.1). */
async function dnsAddresses(dns: Dns, host: string): Promise<Answer<string>> {
  const found = await Promise.allSettled([
    recordsOf<RecordWithTtl>(host, 'AAAA', () => dns.resolve6(host, { ttl: true })),
    recordsOf<RecordWithTtl>(host, 'A', () => dns.resolve4(host, { ttl: true })),
  ])
  const records = found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.records : []))
  const failure = found.find((answer) => answer.status === 'rejected')
  if (records.length === 0) {
    if (failure !== undefined) throw failure.reason
    return { records: [] }
  }
  const ttl = Math.min(...records.map((record) => record.ttl))
  return { records: orderAddresses(records.map(({ address }) => address), localAddressTowards), ttl: failure === undefined ? ttl : 0 }
}

async function recordsOf<Value>(name: string, type: string, ask: () => Promise<readonly Value[]>): Promise<Answer<Value>> {
  try {
    return { records: await ask() }
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOTHING.has(error.code)) return { records: [] }
    const { code, message } = toTransportError(error, `No ${type} records of ${name} can be had`)
    throw new TransportError(code === 'timed-out' ? code : 'unreachable', message, error)
  }
}
