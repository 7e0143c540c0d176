import type { Weighted } from '@offhook/sip-transport'

/** An SRV record (RFC 2782). */
export interface ServiceRecord extends Weighted {
  readonly port: number
  /** The host that serves; `.` or nothing when the service is decidedly not there. */
  readonly name: string
}

/** A NAPTR record (RFC 3403 §4.1), in the names that RFC 3263 §4.1 uses. */
export interface PointerRecord {
  /** Lower comes first, and decides: of higher ones nothing is used. */
  readonly order: number
  /** Among records of one order, lower comes first. */
  readonly preference: number
  /** `s` for those that lead to SRV records. */
  readonly flags: string
  /** Such as `SIP+D2U`. */
  readonly service: string
  /** Empty in all that SIP uses. */
  readonly regexp: string
  /** The name of SRV records. */
  readonly replacement: string
}

/** What DNS answered. A name that does not exist, or has no such record, has none. */
export interface Answer<Value> {
  readonly records: readonly Value[]
  /** How long it holds, in seconds; absent when nobody said. */
  readonly ttl?: number
}

/** Where names are looked up. Every method rejects when there is no answer at all, best with a `TransportError`. */
export interface Resolver {
  /** The IPv4 and IPv6 addresses of a host, best first (RFC 7984 §3.1). */
  addresses(host: string): Promise<Answer<string>>
  services(name: string): Promise<Answer<ServiceRecord>>
  pointers(domain: string): Promise<Answer<PointerRecord>>
}
