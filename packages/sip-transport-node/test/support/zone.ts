import { parseUri } from '@offhook/sip-parser'
import type { SipUri } from '@offhook/sip-parser'
import type { Target } from '@offhook/sip-transport'
import type { Answer, PointerRecord, Resolver, ServiceRecord } from '../../src/index.js'

/** What a fake DNS knows, by name. */
export interface Zone {
  addresses?: Record<string, string[]>
  /** Priority, weight, port, target. */
  services?: Record<string, [number, number, number, string][]>
  /** Order, preference, flags, service, regexp, replacement. */
  pointers?: Record<string, [number, number, string, string, string, string][]>
  /** Names that give no answer at all. */
  broken?: string[]
  /** Seconds. */
  ttl?: number
}

/** Knows what it is told, and writes down what it was asked. */
export function fakeResolver(zone: Zone): { readonly resolver: Resolver; readonly asked: string[] } {
  const asked: string[] = []
  const from = <Raw, Value>(type: string, records: Record<string, Raw[]> | undefined, name: string, read: (raw: Raw) => Value): Promise<Answer<Value>> => {
    asked.push(`${type} ${name}`)
    if (zone.broken?.includes(name) === true) return Promise.reject(Object.assign(new TypeError(`${name} ETIMEOUT`), { code: 'ETIMEOUT' }))
    const found = records !== undefined && Object.hasOwn(records, name) ? (records[name] ?? []) : []
    return Promise.resolve({ records: found.map(read), ...(zone.ttl !== undefined && { ttl: zone.ttl }) })
  }
  const resolver: Resolver = {
    addresses: (host) => from('address', zone.addresses, host, (address) => address),
    services: (name) => from<[number, number, number, string], ServiceRecord>('SRV', zone.services, name, ([priority, weight, port, target]) => ({ priority, weight, port, name: target })),
    pointers: (domain) => from<[number, number, string, string, string, string], PointerRecord>('NAPTR', zone.pointers, domain, ([order, preference, flags, service, regexp, replacement]) => ({ order, preference, flags, service, regexp, replacement })),
  }
  return { resolver, asked }
}

export function sipUri(text: string): SipUri {
  const result = parseUri(text)
  if (!result.ok || !('host' in result.value)) throw new TypeError(text)
  return result.value
}

/** `TCP 192.0.2.1 5060`, alternates behind it. */
export function briefly(targets: readonly Target[]): string[] {
  return targets.map(({ transport, host, port, alternates = [] }) => [transport, [host, ...alternates].join('|'), port].join(' '))
}
