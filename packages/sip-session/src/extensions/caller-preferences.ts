import { isToken } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import type { ExtraHeaders } from '../session/session.js'

/** What a device is or does, by feature tag (RFC 3840 §9): `audio`, `methods`, `+sip.instance`. True for "it does"; a list for one of several tokens; a text in angle brackets for a string. */
export type Features = Readonly<Record<string, boolean | string | readonly string[]>>

/** Which of the devices of the callee are to ring (RFC 3841 §9). */
export interface CallerPreferences {
  /** Sets of features, of which a device should have all of one set. */
  readonly accept?: readonly Features[]
  /** With `accept`: devices without the features are left out, not put last (RFC 3841 §9.2). */
  readonly require?: boolean
  /** With `accept`: devices that do not say whether they have the features count as without (RFC 3841 §9.2). */
  readonly explicit?: boolean
  /** Sets of features: devices that have all of one set are left out. */
  readonly reject?: readonly Features[]
  /** What proxies are to do: `no-fork`, `sequential`, `no-recurse`, `redirect`, `no-queue`, `cancel`, … (RFC 3841 §9.1). */
  readonly disposition?: readonly string[]
}

/**
 * The header fields that say which devices a caller prefers.
 *
 * @throws {SessionError} `bad-preference` for a feature tag that is none
 * @example agent.call('bob', { headers: callerPreferences({ accept: [{ audio: true, mobility: 'mobile' }], require: true }) })
 */
export function callerPreferences({ accept = [], reject = [], disposition = [], require = false, explicit = false }: CallerPreferences): ExtraHeaders {
  const flags = `${require ? ';require' : ''}${explicit ? ';explicit' : ''}`
  return {
    ...(accept.length > 0 && { 'Accept-Contact': accept.map((features) => `*${parametersOf(features)}${flags}`) }),
    ...(reject.length > 0 && { 'Reject-Contact': reject.map((features) => `*${parametersOf(features)}`) }),
    ...(disposition.length > 0 && { 'Request-Disposition': disposition.join(', ') }),
  }
}

function parametersOf(features: Features): string {
  return Object.entries(features).map(([tag, value]) => {
    if (!isToken(tag)) throw new SessionError('bad-preference', `Not a feature tag: ${tag}`)
    if (value === true) return `;${tag}`
    const text = value === false ? 'FALSE' : typeof value === 'string' ? value : value.join(',')
    if (/["\\\p{Cc}]/u.test(text)) throw new SessionError('bad-preference', `Not the value of a feature tag: ${text}`)
    return `;${tag}="${text}"`
  }).join('')
}
