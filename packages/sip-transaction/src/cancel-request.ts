import type { HeaderList, SipRequest } from '@offhook/sip-parser'
import { copyOfInvite } from './request-copy.js'

/**
 * The CANCEL of an INVITE: RFC 3261 §9.1. Open it as a client transaction of its own, on the flow of the INVITE, once the
 * INVITE has had a provisional response.
 *
 * @param headers Further header fields, such as a Reason (RFC 3326).
 */
export function createCancel(invite: SipRequest, headers: HeaderList = []): SipRequest {
  return copyOfInvite('CANCEL', invite, invite, headers)
}
