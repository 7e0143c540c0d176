import { event, legible } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'

/** The package of an Event field, and with its id what tells one subscription from another in a dialog (RFC 6665 §8.2.1). */
export interface EventKey {
  readonly name: string
  readonly id: string | undefined
}

/** What a SUBSCRIBE or NOTIFY is about; `undefined` when it does not say, or cannot be read. */
export function eventKey({ headers }: SipRequest): EventKey | undefined {
  const said = legible(() => headers.read(event)[0])
  return said && { name: said.token, id: legible(() => said.parameters.get('id')) }
}

export function sameEvent(a: EventKey | undefined, b: EventKey | undefined): boolean {
  return a !== undefined && b !== undefined && a.name === b.name && a.id === b.id
}
