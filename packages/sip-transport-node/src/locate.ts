import type { SipUri } from '@offhook/sip-parser'
import { TransportError, bareHost, defaultPort, isIpLiteral, transportOf } from '@offhook/sip-transport'
import type { Target, TransportName } from '@offhook/sip-transport'
import { toTransportError } from './platform-error.js'
import { systemResolver } from './resolver.js'
import type { Resolver, ServiceRecord } from './resolver.js'

/** What {@link locate} may be told. */
export interface LocateOptions {
  /** The system's unless told. */
  readonly resolver?: Resolver
  /** The transports that can be used, the preferred first where DNS leaves the choice: TLS, TCP, UDP unless told. */
  readonly transports?: readonly TransportName[]
  /** A number from 0 up to 1, for the weights of SRV records. */
  readonly random?: () => number
}

const TRANSPORTS: readonly TransportName[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS']
const POINTERS: Readonly<Record<string, TransportName>> = {
  'SIP+D2U': 'UDP', 'SIP+D2T': 'TCP', 'SIPS+D2T': 'TLS', 'SIP+D2W': 'WS', 'SIPS+D2W': 'WSS',
}

interface Query {
  readonly transport: TransportName
  readonly name: string
}

/**
 * Where a URI leads, best target first (RFC 3263 §4): numeric hosts and ports as they stand; otherwise NAPTR, then SRV, then the
 * host's addresses. `serverName` of every target is the host of the URI, which a certificate has to name (RFC 5922 §4).
 *
 * @throws {TransportError} `unreachable` when it leads nowhere, `no-adapter` for a transport that does not exist or that SIPS forbids.
 */
export async function locate(uri: SipUri, options: LocateOptions = {}): Promise<Target[]> {
  const resolver = options.resolver ?? systemResolver()
  const host = bareHost(uri.parameters.get('maddr') ?? uri.host)
  const serverName = bareHost(uri.host)
  const asked = transportOf(uri)
  const fallback = asked ?? (uri.scheme === 'sips' ? 'TLS' : 'UDP')
  const direct = { transport: fallback, port: uri.port ?? defaultPort(fallback), serverName }
  try {
    if (isIpLiteral(host)) return [{ ...direct, host }]
    if (uri.port === undefined && !isLocalName(host)) {
      // A DNS that cannot be asked for services leaves the addresses, which may come from elsewhere.
      const served = await byService(host, uri, asked, serverName, resolver, options).catch(() => [])
      if (served.length > 0) return served
    }
    const targets = (await resolver.addresses(host)).map((address) => ({ ...direct, host: address }))
    if (targets.length > 0) return targets
  } catch (error) {
    throw toTransportError(error, `Cannot look up ${host}`)
  }
  throw new TransportError('unreachable', `There is no address for ${host}.`)
}

async function byService(
  host: string, uri: SipUri, asked: TransportName | undefined, serverName: string, resolver: Resolver, options: LocateOptions,
): Promise<Target[]> {
  const queries = await queriesOf(host, uri, asked, resolver, options)
  const targets = queries.map(async ({ transport, name }) => {
    const records = (await resolver.services(name)).filter((record) => record.name !== '' && record.name !== '.')
    const hosts = byPriority(records, options.random ?? Math.random).map(async (record) => {
      const addresses = isIpLiteral(record.name) ? [record.name] : await resolver.addresses(record.name)
      return addresses.map((address) => ({ transport, host: address, port: record.port, serverName }))
    })
    return (await Promise.all(hosts)).flat()
  })
  return (await Promise.all(targets)).flat()
}

/** The SRV names to ask for, best first: those of NAPTR records, else of the transport that was asked for, else of all. */
async function queriesOf(
  host: string, uri: SipUri, asked: TransportName | undefined, resolver: Resolver, options: LocateOptions,
): Promise<Query[]> {
  if (asked !== undefined) return [{ transport: asked, name: serviceName(asked, host) }]
  const secured = uri.scheme === 'sips'
  const usable = options.transports ?? ['TLS', 'TCP', 'UDP']
  const pointers = [...(await resolver.pointers(host))].sort((a, b) => a.order - b.order || a.preference - b.preference)
  const pointed = pointers.flatMap(({ service, replacement }) => {
    const transport = Object.hasOwn(POINTERS, service) ? POINTERS[service] : undefined
    return transport === undefined || !usable.includes(transport) || (secured && !isSecured(transport)) ? [] : [{ transport, name: replacement }]
  })
  if (pointed.length > 0) return pointed
  // Without NAPTR a SIP URI is served by `_sip` records, a SIPS URI by `_sips` ones (RFC 3263 §4.1).
  return TRANSPORTS.filter((transport) => usable.includes(transport) && isSecured(transport) === secured && !isWebSocket(transport)).map(
    (transport) => ({ transport, name: serviceName(transport, host) }),
  )
}

function serviceName(transport: TransportName, host: string): string {
  switch (transport) {
    case 'UDP':
      return `_sip._udp.${host}`
    case 'TCP':
      return `_sip._tcp.${host}`
    case 'TLS':
      return `_sips._tcp.${host}`
    case 'WS':
      return `_sip._ws.${host}`
    case 'WSS':
      return `_sips._ws.${host}`
  }
}

function isSecured(transport: TransportName): boolean {
  return transport === 'TLS' || transport === 'WSS'
}

function isWebSocket(transport: TransportName): boolean {
  return transport === 'WS' || transport === 'WSS'
}

/** Names that DNS does not know: they have addresses at most (RFC 6761 §6.3, RFC 6762 §3), and asking may take seconds. */
function isLocalName(host: string): boolean {
  return !host.includes('.') || /\.(localhost|local|invalid|test)\.?$/i.test(host)
}

/** RFC 2782, usage rules: by priority, and among equals at random by weight. */
function byPriority(records: readonly ServiceRecord[], random: () => number): ServiceRecord[] {
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight)
  const ordered: ServiceRecord[] = []
  while (left.length > 0) {
    const priority = left[0]?.priority
    const equals = left.filter((record) => record.priority === priority)
    const total = equals.reduce((sum, { weight }) => sum + weight, 0)
    let drawn = random() * total
    const index = equals.findIndex(({ weight }) => (drawn -= weight) <= 0)
    ordered.push(...left.splice(Math.max(0, index), 1))
  }
  return ordered
}
