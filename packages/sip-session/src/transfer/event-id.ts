import { event, legible } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'

/** The package that a SUBSCRIBE or NOTIFY names (RFC 6665 §8.2.1). */
export function eventPackage({ headers }: SipRequest): string | undefined {
  return legible(() => headers.read(event)[0]?.token)
}

/** The sequence number of the REFER that a SUBSCRIBE or NOTIFY is about, if it says so (RFC 3515 §2.4.6). */
export function eventId({ headers }: SipRequest): number | undefined {
  const id = legible(() => headers.read(event)[0]?.parameters.get('id'))
  return id !== undefined && /^\d{1,10}$/.test(id) ? Number(id) : undefined
}
