import { NODATA, NOTFOUND, Resolver as DnsResolver, lookup } from 'node:dns/promises'

/** An SRV record (RFC 2782). */
export interface ServiceRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** The host that serves; `.` or nothing when the service is decidedly not there. */
  readonly name: string
}

/** The part of a NAPTR record that SIP uses (RFC 3263 §4.1). */
export interface ServicePointer {
  readonly order: number
  readonly preference: number
  /** Such as `SIP+D2U`. */
  readonly service: string
  /** The name of SRV records. */
  readonly replacement: string
}

/** Where names are looked up. A name that does not exist gives an empty list; what cannot be asked rejects. */
export interface Resolver {
  /** The IPv4 and IPv6 addresses of a host, best first. */
  addresses(host: string): Promise<readonly string[]>
  services(name: string): Promise<readonly ServiceRecord[]>
  pointers(domain: string): Promise<readonly ServicePointer[]>
}

/** Asks the system: hosts file and DNS for addresses, DNS for services. */
export function systemResolver(): Resolver {
  const dns = new DnsResolver({ timeout: 2000, tries: 2 })
  return {
    addresses: (host) => orNone(async () => (await lookup(host, { all: true })).map(({ address }) => address)),
    services: (name) => orNone(() => dns.resolveSrv(name)),
    pointers: (domain) =>
      orNone(async () =>
        (await dns.resolveNaptr(domain))
          .filter(({ flags }) => flags.toLowerCase() === 's')
          .map(({ order, preference, service, replacement }) => ({ order, preference, service: service.toUpperCase(), replacement })),
      ),
  }
}

async function orNone<Value>(ask: () => Promise<readonly Value[]>): Promise<readonly Value[]> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === NOTFOUND || error.code === NODATA || error.code === 'ENOTFOUND')) return []
    throw error
  }
}
