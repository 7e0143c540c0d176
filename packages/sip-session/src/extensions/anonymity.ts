import type { ExtraHeaders } from '../session/session.js'

/** What is kept back, and who may know all the same. */
export interface AnonymityOptions {
  /** What the network is to keep back: `id` unless told (RFC 3325 §9.3), or `header`, `session`, `user`, `history` (RFC 3323 §4.2). */
  readonly privacy?: readonly string[]
  /** Rather no call than one that is not private (RFC 3323 §4.2). */
  readonly critical?: boolean
  /** As whom the network is to know us, of several identities of ours (RFC 3325 §9.2). */
  readonly preferred?: string
}

/**
 * The header fields of a call that does not say who calls (RFC 3323 §4.1).
 *
 * @example agent.call('bob', { headers: anonymous() })
 */
export function anonymous({ privacy = ['id'], critical = false, preferred }: AnonymityOptions = {}): ExtraHeaders {
  return {
    From: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    Privacy: [...privacy, ...(critical ? ['critical'] : [])].join(';'),
    ...(critical && { 'Proxy-Require': 'privacy' }),
    ...(preferred !== undefined && { 'P-Preferred-Identity': preferred.includes('<') ? preferred : `<${preferred}>` }),
  }
}
