import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'

/** Requests that may carry a description (RFC 6337 §2.2). */
export const DESCRIBING: readonly string[] = ['INVITE', 'UPDATE', 'PRACK']

const decoder = new TextDecoder()

/**
 * The session description in a message: a body whose disposition is `session`, which is the default of SDP alone
 * (RFC 3261 §20.11). `undefined` when there is none.
 */
export function descriptionOf(message: SipRequest | SipResponse): Description | undefined {
  if (message.body.length === 0) return undefined
  const contentType = message.headers.get('Content-Type') ?? ''
  const disposition = message.headers.get('Content-Disposition') ?? (/^application\/sdp\b/i.test(contentType) ? 'session' : 'render')
  return /^session\b/i.test(disposition) ? { contentType, body: decoder.decode(message.body) } : undefined
}

/** Whether both say the same. */
export function sameDescription(a: Description | undefined, b: Description | undefined): boolean {
  return a?.body === b?.body && a?.contentType === b?.contentType
}
