import { SipUri, legible, parseUri } from '@offhook/sip-parser'
import type { NameAddr, SipResponse } from '@offhook/sip-parser'
import { sameHost } from '@offhook/sip-transport'

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
}

/**
 * Reads how long our binding lives out of a 2xx to REGISTER (RFC 3261 §10.2.4): from our Contact, found by instance and
 * reg-id or by URI, else from Expires, else what we asked for. Registrars err; none of that makes the binding fail.
 */
export function readGrant(response: SipResponse, own: OwnContact, asked: number): Grant {
  const listed = legible(() => response.contacts) ?? []
  const contacts = listed === '*' ? [] : listed
  const mine = contacts.find((contact) => isInstance(contact, own)) ?? contacts.find((contact) => isSame(contact, own))
  // A Contact of ours without a number takes that of the message.
  const expires = seconds(mine?.parameters.get('expires')) ?? seconds(response.headers.get('Expires')) ?? asked
  return { expires: expires > 0 || mine !== undefined ? expires : asked, contacts }
}

function isInstance({ parameters }: NameAddr, { instance, regId }: OwnContact): boolean {
  return instance !== undefined && parameters.get('+sip.instance') === instance && (regId === undefined || (parameters.get('reg-id') ?? regId) === regId)
}

/** The same user at the same place: registrars drop and add parameters. */
function isSame({ uri }: NameAddr, own: OwnContact): boolean {
  const parsed = parseUri(own.uri)
  if (!parsed.ok || !(parsed.value instanceof SipUri) || !(uri instanceof SipUri)) return false
  return uri.decodedUser === parsed.value.decodedUser && uri.port === parsed.value.port && sameHost(uri.host, parsed.value.host)
}

function seconds(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,10})\b/.exec(text ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
