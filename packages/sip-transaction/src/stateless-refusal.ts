import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/**
 * The 503 of a server that has no room, made without any state (RFC 3261 §8.2.7): the To tag follows from the request, so
 * that a retransmission gets the same one.
 *
 * @param retryAfter Seconds.
 */
export function createRefusal(request: SipRequest, serverKey: string, retryAfter: number): SipResponse {
  // FNV-1a over UTF-16 code units, 32 bits. It names, it does not protect.
  let hash = 0x811c_9dc5
  for (const character of request.callId + serverKey) hash = Math.imul(hash ^ character.charCodeAt(0), 0x0100_0193)
  return createResponse(request, { statusCode: 503, toTag: (hash >>> 0).toString(36), headers: [['Retry-After', retryAfter]] })
}
