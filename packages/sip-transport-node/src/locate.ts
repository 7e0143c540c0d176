import type { RandomSource } from '@offhook/sip-machine'
import { hostRandom } from '@offhook/sip-machine/host'
import type { SipUri } from '@offhook/sip-parser'
import { TransportError, bareHost, defaultPort, isIpLiteral, orderServices, transportOf } from '@offhook/sip-transport'
import type { Target, TransportName } from '@offhook/sip-transport'
import { isHostAddress } from './address-order.js'
import { dnsResolver } from './dns-resolver.js'
import { toTransportError } from './platform-error.js'
import type { Answer, PointerRecord, Resolver, ServiceRecord } from './resolver.js'
import { isSecured, pointedServices, serviceName } from './service-pointers.js'
import type { ServiceName } from './service-pointers.js'

/** What {@link locate} may be told. */
export interface LocateOptions {
  /** {@link dnsResolver} unless told. */
  readonly resolver?: Resolver
  /** The transports that can be used, the preferred first where DNS leaves the choice: UDP, TCP, TLS unless told. */
  readonly transports?: readonly TransportName[]
  /** The address families that can be used, the preferred first: both, in the order of the resolver, unless told. */
  readonly families?: readonly (4 | 6)[]
  /** For the weights of SRV records. */
  readonly random?: RandomSource
}

/** What a search asks, and how it decides. */
export interface Search {
  readonly resolver: Resolver
  readonly transports: readonly TransportName[]
  readonly families: readonly (4 | 6)[] | undefined
  /** RFC 2782. */
  readonly order: (name: string, records: readonly ServiceRecord[]) => readonly ServiceRecord[]
  /** The addresses of one host, which DNS may have rotated. */
  readonly orderAddresses?: (host: string, addresses: readonly string[]) => readonly string[]
  /** What NAPTR said. */
  readonly pointersSeen?: (domain: string, records: readonly PointerRecord[]) => void
}

/** Bounds on what one answer, and one search, may cost: no domain needs more. */
const MAX_RECORDS = 64
const MAX_HOSTS = 16
const MAX_ADDRESSES = 16
const MAX_TARGETS = 48

const DEFAULT_TRANSPORTS: readonly TransportName[] = ['UDP', 'TCP', 'TLS']

/** What is the same for all targets of a URI. */
interface Wanted {
  readonly uri: SipUri
  /** TARGET of RFC 3263 §4: `maddr`, else the host. */
  readonly host: string
  readonly asked: TransportName | undefined
  /** The transport where neither the URI nor DNS says one. */
  readonly fallback: TransportName
  readonly serverName: string
}

/**
 * Where a URI leads, best target first (RFC 3263 §4): numeric hosts and ports as they stand; otherwise NAPTR, then SRV, then the
 * host's addresses. `serverName` of every target is the host of the URI, which a certificate has to name (RFC 5922 §4).
 *
 * Every call asks the resolver; `createLocate` remembers answers and failures.
 *
 * @throws {TransportError} `unreachable` when it leads nowhere, `timed-out` when DNS does not answer, `no-adapter` for a transport that
 *   does not exist or that SIPS forbids.
 */
export function locate(uri: SipUri, options: LocateOptions = {}): Promise<Target[]> {
  return searchFor(uri, searchOf(options))
}

/** @returns What a search needs, completed. */
export function searchOf({ resolver = dnsResolver(), transports = DEFAULT_TRANSPORTS, families, random = hostRandom }: LocateOptions): Search {
  return { resolver, transports, families, order: (_name, records) => orderServices(records, random) }
}

/** {@link locate} with all that it needs. */
export async function searchFor(uri: SipUri, search: Search): Promise<Target[]> {
  const asked = transportOf(uri)
  const wanted: Wanted = {
    uri, asked, host: bareHost(uri.parameters.get('maddr') ?? uri.host), serverName: bareHost(uri.host),
    fallback: asked ?? (uri.scheme === 'sips' ? 'TLS' : 'UDP'),
  }
  const { host, fallback } = wanted
  if (isIpLiteral(host)) return targetsOf(wanted, fallback, uri.port ?? defaultPort(fallback), [host])
  if (isNoName(host)) throw nowhere(host)
  const found = uri.port === undefined && hasServices(host) ? await byService(wanted, search) : []
  const targets = found.length > 0 ? found : await byHost(wanted, search)
  if (targets.length === 0) throw nowhere(host)
  return targets.slice(0, MAX_TARGETS)
}

/** RFC 3263 §4.2: by SRV records. Nothing when there are none. Throws when DNS says that there is no service. */
async function byService(wanted: Wanted, search: Search): Promise<Target[]> {
  const services = await servicesOf(wanted, search)
  const answers = await Promise.all(services.map(({ name }) => orNothing(search.resolver.services(name))))
  const places = services.flatMap(({ transport, name }, index) => {
    const records = answers[index]?.records.filter(isService) ?? []
    return search.order(name, records.slice(0, MAX_RECORDS)).map((record) => ({ transport, record }))
  }).slice(0, MAX_HOSTS)
  if (places.length > 0) {
    const targets = await Promise.all(places.map(async ({ transport, record }) => {
      const addresses = isIpLiteral(record.name) ? [record.name] : await addressesOf(record.name, search).catch(() => [])
      return targetsOf(wanted, transport, record.port, addresses)
    }))
    return targets.flat()
  }
  // RFC 2782: a single record for the root says that the service is decidedly not there, so addresses are not tried either.
  const refused = services.some(({ transport }, index) => transport === wanted.fallback && isRefusal(answers[index]))
  if (refused) throw new TransportError('unreachable', `${wanted.host} says that it has no SIP over ${wanted.fallback}.`)
  return []
}

/** RFC 3263 §4.1: the SRV records of the transport that was asked for, else of those that NAPTR points to, else of all that can be used. */
async function servicesOf({ uri, host, asked }: Wanted, { resolver, transports, pointersSeen }: Search): Promise<ServiceName[]> {
  if (asked !== undefined) return [{ transport: asked, name: serviceName(asked, host) }]
  const secured = uri.scheme === 'sips'
  // A DNS that does not know NAPTR, or a middlebox that drops it, must not keep us from SRV.
  const answer = await orNothing(resolver.pointers(host))
  const records = answer?.records.slice(0, MAX_RECORDS) ?? []
  if (answer !== undefined) pointersSeen?.(host, records)
  const pointed = pointedServices(records, transports, secured)
  if (pointed.length > 0) return pointed
  return transports.filter((transport) => isSecured(transport) === secured).map((transport) => ({ transport, name: serviceName(transport, host) }))
}

/** RFC 3263 §4.2: by the addresses of the host itself. */
async function byHost(wanted: Wanted, search: Search): Promise<Target[]> {
  const { uri, host, fallback } = wanted
  try {
    return targetsOf(wanted, fallback, uri.port ?? defaultPort(fallback), await addressesOf(host, search))
  } catch (error) {
    throw toTransportError(error, `Cannot look up ${host}`)
  }
}

/** The addresses of families that can be used (RFC 7984 §3.1): others are passed over. */
async function addressesOf(host: string, { resolver, families, orderAddresses }: Search): Promise<readonly string[]> {
  const found = (await resolver.addresses(host)).records.filter(isHostAddress)
  const addresses = orderAddresses?.(host, found) ?? found
  const usable = families === undefined ? addresses : families.flatMap((family) => addresses.filter((address) => address.includes(':') === (family === 6)))
  return usable.slice(0, MAX_ADDRESSES)
}

/**
 * One target for each address where a copy of the request must not go to two (UDP, RFC 7984 §3.2); one for all of them where a
 * connection stands before anything is sent, so that the adapter can take the first that answers.
 */
function targetsOf({ serverName }: Wanted, transport: TransportName, port: number, addresses: readonly string[]): Target[] {
  const [host, ...alternates] = addresses
  if (host === undefined) return []
  if (transport === 'UDP') return addresses.map((address) => ({ transport, host: address, port, serverName }))
  return [{ transport, host, port, serverName, ...(alternates.length > 0 && { alternates }) }]
}

function isService({ name, port }: ServiceRecord): boolean {
  return name !== '' && name !== '.' && port > 0
}

function isRefusal(answer: Answer<ServiceRecord> | undefined): boolean {
  const [record] = answer?.records ?? []
  return answer?.records.length === 1 && (record?.name === '' || record?.name === '.')
}

/** What cannot be asked is as good as absent where there are other ways to find out. */
function orNothing<Value>(answer: Promise<Answer<Value>>): Promise<Answer<Value> | undefined> {
  return answer.catch(() => undefined)
}

/** Names that DNS keeps no services for: they have addresses at most (RFC 6761 §6.3, RFC 6762 §3), and asking may take seconds. */
function hasServices(host: string): boolean {
  return host.includes('.') && !/\.(localhost|local)\.?$/i.test(host)
}

/** Names that do not exist by agreement (RFC 6761 §6.4): those of browsers (RFC 7118 §5), for one. */
function isNoName(host: string): boolean {
  return /(^|\.)invalid\.?$/i.test(host)
}

function nowhere(host: string): TransportError {
  return new TransportError('unreachable', `There is no address for ${host}.`)
}
