import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** Begins every branch of RFC 3261 (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

/** Begins the key of every server transaction, so that it is never taken for one that a transaction user chose. */
export const SERVER_KEY_PREFIX = 'server:'

// Each name below joins its parts by a character that none but the last of them can contain, so that different parts
// never give one name. The names are keys of Maps: nothing that a peer writes can reach a prototype.

/** Names the client transaction that a request opens (§17.1.3): its method and branch. */
export function clientNameOf(request: SipRequest): string | undefined {
  const { branch } = request.via
  return branch === undefined ? undefined : `${request.method} ${branch}`
}

/** Names the client transaction that a response belongs to (§17.1.3): the method of its CSeq and the branch. */
export function answeredNameOf(response: SipResponse): string | undefined {
  const { branch } = response.via
  return branch === undefined ? undefined : `${response.cseq.method} ${branch}`
}

/** Whether the request comes from a client before RFC 3261, whose branch says nothing. */
export function isBeforeRfc3261(request: SipRequest): boolean {
  return request.via.branch?.startsWith(MAGIC_COOKIE) !== true
}

/**
 * Keys the server transaction that a request belongs to (§17.2.3).
 *
 * @param method The request's own, or `INVITE` to look for what an ACK or a CANCEL refers to.
 */
export function serverKeyOf(request: SipRequest, method: string = request.method): string {
  const { via } = request
  const { branch } = via
  if (branch?.startsWith(MAGIC_COOKIE) !== true) return `${ackNameOf(request)}\n${method}\n${request.to.tag ?? ''}`
  return `${SERVER_KEY_PREFIX}${method} ${via.sentBy.toLowerCase()} ${branch}`
}

/**
 * Names what an ACK and its INVITE share when the client is older than RFC 3261 (§17.2.3): all but the To tag, which the
 * ACK has from the response.
 */
export function ackNameOf(request: SipRequest): string {
  const { via, cseq } = request
  return [SERVER_KEY_PREFIX, request.requestUri.toString(), request.from.tag ?? '', request.callId, cseq.sequence, via.toString()].join('\n')
}
