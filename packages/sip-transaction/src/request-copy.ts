import { createRequest } from '@offhook/sip-parser'
import type { HeaderList, SipMessage, SipRequest } from '@offhook/sip-parser'

/**
 * The request that ACK (§17.1.1.3) and CANCEL (§9.1) have in common: Request-URI, top Via, From, Call-ID, CSeq number and
 * Route and Session-ID of the INVITE, the To of `addressed`, and further fields.
 */
export function copyOfInvite(method: 'ACK' | 'CANCEL', invite: SipRequest, addressed: SipMessage, further: HeaderList): SipRequest {
  const { headers } = invite
  return createRequest({
    method,
    requestUri: invite.requestUri,
    headers: [
      ['Via', invite.via],
      ['Max-Forwards', 70],
      ['From', headers.getAll('From')],
      ['To', addressed.headers.getAll('To')],
      ['Call-ID', invite.callId],
      ['CSeq', `${invite.cseq.sequence} ${method}`],
      ['Route', headers.getAll('Route')],
      // One identifier for all of it (RFC 7989 §6).
      ['Session-ID', headers.getAll('Session-ID')],
      ...further,
    ],
  })
}
