import { SipUri, parseUri, uriEquals } from '@offhook/sip-parser'
import type { NameAddr, SipResponse } from '@offhook/sip-parser'

/** How our own binding is recognised among others. */
export interface OwnContact {
  readonly uri: string
  /** Value of `+sip.instance` without quotes, and reg-id (RFC 5626 §4.1). */
  readonly instance?: string | undefined
  readonly regId?: string | undefined
}

/** What a registrar granted. */
export interface Grant {
  /** Seconds. */
  readonly expires: number
  readonly contacts: readonly NameAddr[]
  /** False when the response did not list our Contact; some registrars do not. */
  readonly listed: boolean
}

/**
 * Reads how long our binding lives out of a 2xx to REGISTER (RFC 3261 §10.2.4): from our Contact, found by instance and
 * reg-id or by URI, else from Expires, else what we asked for. Registrars err; none of that makes the binding fail.
 */
export function readGrant(response: SipResponse, own: OwnContact, asked: number): Grant {
  const contacts = contactsOf(response)
  const mine = contacts.find((contact) => isInstance(contact, own)) ?? contacts.find((contact) => isSame(contact, own.uri))
  const ownExpires = mine === undefined ? undefined : seconds(mine.parameters.get('expires'))
  // A Contact of ours without a number takes that of the message.
  const expires = ownExpires ?? seconds(response.headers.get('Expires')) ?? asked
  return { expires: expires > 0 || mine !== undefined ? expires : asked, contacts, listed: mine !== undefined }
}

function contactsOf(response: SipResponse): readonly NameAddr[] {
  try {
    const { contacts } = response
    return contacts === '*' ? [] : contacts
  } catch {
    return []
  }
}

function isInstance(contact: NameAddr, { instance, regId }: OwnContact): boolean {
  if (instance === undefined) return false
  return contact.parameters.get('+sip.instance') === instance && (regId === undefined || (contact.parameters.get('reg-id') ?? regId) === regId)
}

/** Equal by the rules, or at least the same user at the same place: registrars drop parameters. */
function isSame(contact: NameAddr, uri: string): boolean {
  const own = parseUri(uri)
  if (!own.ok) return false
  if (uriEquals(contact.uri, own.value)) return true
  const [a, b] = [contact.uri, own.value]
  return a instanceof SipUri && b instanceof SipUri && a.decodedUser === b.decodedUser && a.hostPort.toLowerCase() === b.hostPort.toLowerCase()
}

function seconds(text: string | undefined): number | undefined {
  const digits = text === undefined ? undefined : /^\s*(\d{1,10})\b/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
