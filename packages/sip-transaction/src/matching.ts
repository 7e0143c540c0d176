import type { SipMessage, SipRequest } from '@offhook/sip-parser'

/** Begins every branch of RFC 3261 (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

const SERVER_PREFIX = 'server:'

/** Whether a key is a server transaction's: those are the layer's, and never taken for one that a transaction user chose. */
export function isServer(key: string): boolean {
  return key.startsWith(SERVER_PREFIX)
}

// Each name below joins its parts by a character that none but the last of them can contain, so that different parts
// never give one name. The names are keys of Maps: nothing that a peer writes can reach a prototype.

/** Names what a client transaction shares with its responses (§17.1.3): the method of the CSeq and the branch. */
export function clientNameOf(message: SipMessage): string {
  // A request has its own method there, which is known without reading.
  return `${message.kind === 'request' ? message.method : message.cseq.method} ${message.via.branch ?? ''}`
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
export function serverKeyOf(request: SipRequest, method: string): string {
  const { via } = request
  const { branch } = via
  if (branch?.startsWith(MAGIC_COOKIE) !== true) return `${ackNameOf(request)}\n${method}\n${request.to.tag ?? ''}`
  const { sentBy } = via
  return `${SERVER_PREFIX}${method} ${sentBy.toLowerCase()} ${branch}`
}

/** Names what the copies of a request share that a forking proxy sent by several ways (§8.2.2.2). */
export function originOf({ callId, from, cseq }: SipRequest): string {
  return `${callId}\n${from.tag ?? ''} ${cseq.sequence} ${cseq.method}`
}

/**
 * Names what an ACK and its INVITE share when the client is older than RFC 3261 (§17.2.3): all but the To tag, which the
 * ACK has from the response.
 */
export function ackNameOf(request: SipRequest): string {
  return [SERVER_PREFIX, request.requestUri, request.from.tag, request.callId, request.cseq.sequence, request.via].join('\n')
}
