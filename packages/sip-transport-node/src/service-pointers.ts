import type { TransportName } from '@offhook/sip-transport'
import type { PointerRecord } from './resolver.js'

/** SRV records to ask for, and the transport that they are for. */
export interface ServiceName {
  readonly transport: TransportName
  readonly name: string
}

/** NAPTR services and their transports (RFC 3263 §4.1, RFC 7118 §6). SCTP has none here. */
const SERVICES: Readonly<Record<string, TransportName>> = {
  'SIP+D2U': 'UDP', 'SIP+D2T': 'TCP', 'SIPS+D2T': 'TLS', 'SIP+D2W': 'WS', 'SIPS+D2W': 'WSS',
}

/** Whether the transport has the security that a SIPS URI insists on. */
export function isSecured(transport: TransportName): boolean {
  return transport === 'TLS' || transport === 'WSS'
}

/**
 * The services that NAPTR records point to, best first (RFC 3263 §4.1). Of a record counts what is terminal for SIP (flag `s`), has no
 * rewriting rule, names a service we know over a transport we can use, secured where the URI insists. The lowest order
 * with such a record decides: DDDS forbids to look at higher ones (RFC 3403 §4.1).
 */
export function pointedServices(records: readonly PointerRecord[], usable: readonly TransportName[], secured: boolean): ServiceName[] {
  const matching = records.flatMap((record) => {
    const transport = transportOf(record)
    return transport === undefined || !usable.includes(transport) || (secured && !isSecured(transport)) ? [] : [{ ...record, transport }]
  })
  const order = Math.min(...matching.map((record) => record.order))
  return matching
    .filter((record) => record.order === order)
    .sort((a, b) => a.preference - b.preference)
    .map(({ transport, replacement }) => ({ transport, name: replacement }))
}

/** Whether the domain says that it has a secured service, whoever could use it (RFC 3263 §7). */
export function announcesSecured(records: readonly PointerRecord[]): boolean {
  return records.some((record) => {
    const transport = transportOf(record)
    return transport !== undefined && isSecured(transport)
  })
}

/** The name of SRV records for a transport (RFC 3263 §4.1, RFC 2782). RFC 7118 names none for WebSockets; these are formed like the others. */
export function serviceName(transport: TransportName, domain: string): string {
  const service = isSecured(transport) ? '_sips' : '_sip'
  const protocol = transport === 'UDP' ? '_udp' : transport === 'WS' || transport === 'WSS' ? '_ws' : '_tcp'
  return `${service}.${protocol}.${domain}`
}

function transportOf({ flags, service, regexp, replacement }: PointerRecord): TransportName | undefined {
  const name = service.toUpperCase()
  if (flags.toLowerCase() !== 's' || regexp !== '' || replacement === '' || replacement === '.') return undefined
  return Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined
}
