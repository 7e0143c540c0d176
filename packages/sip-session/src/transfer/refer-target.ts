import { SipUri, TelUri, decodeSipUri, encodeSipUri, legible } from '@offhook/sip-parser'
import type { SipRequest, Uri } from '@offhook/sip-parser'
import { Replaces, referTo } from '@offhook/sip-parser/headers'
import type { Session } from '../session/session.js'

/** What the INVITE that a REFER asks for is made of. */
export interface ReferTarget {
  readonly uri: Uri
  /** Header fields that the Refer-To asks for, those that are safe to take from others. */
  readonly headers: Readonly<Record<string, string>>
}

/** What another may put into our INVITE: which call it takes the place of, and what it is about (RFC 3261 §19.1.5). */
const WELCOME = ['accept-contact', 'join', 'reject-contact', 'replaces', 'require', 'subject', 'user-to-user']

/**
 * What a REFER refers to. `bad`: not exactly one Refer-To that can be read (RFC 3515 §2.4.2); `foreign`: not an INVITE that
 * we could send.
 */
export function readReferTo({ headers }: SipRequest): ReferTarget | 'bad' | 'foreign' {
  const targets = legible(() => headers.read(referTo)) ?? []
  const uri = targets[0]?.uri
  if (uri === undefined || targets.length > 1) return 'bad'
  if (uri instanceof TelUri) return { uri, headers: {} }
  if (!(uri instanceof SipUri)) return 'foreign'
  const method = uri.parameters.get('method')
  if (method !== undefined && method.toUpperCase() !== 'INVITE') return 'foreign'
  const asked = decodeSipUri(uri).headers.filter(([name]) => WELCOME.includes(name.toLowerCase()))
  // A field that would end its line smuggles others in.
  if (asked.some(([, value]) => /\p{Cc}/u.test(value))) return 'bad'
  return { uri: uri.with({ headers: undefined, parameters: uri.parameters.without('method') }), headers: Object.fromEntries(asked) }
}

/** A Refer-To for somebody: a URI. */
export function referToUri(uri: Uri): string {
  return `<${String(uri)}>`
}

/**
 * A Refer-To for the party at the other end of a session of ours, whose place the new call takes there (RFC 5589 §7.3).
 *
 * The Contact leads to the very device, unless it is no name that others can find: then the address of record does, and the
 * target has to know Replaces (RFC 5589 §7.5).
 */
export function referToSession(session: Session, address: Uri | undefined): string {
  const { callId, localTag, remoteTag, remoteTarget, remoteURI } = session
  const direct = address === undefined && !(remoteTarget instanceof SipUri && remoteTarget.host.endsWith('.invalid'))
  const uri = address ?? (direct ? remoteTarget : remoteURI)
  if (!(uri instanceof SipUri)) return referToUri(uri)
  const replaces = String(Replaces.of(callId, { toTag: remoteTag, fromTag: localTag }))
  return referToUri(encodeSipUri({ ...decodeSipUri(uri), headers: [['Replaces', replaces], ...(direct ? [] : [['Require', 'replaces'] as const])] }))
}
