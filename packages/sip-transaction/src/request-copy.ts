import { createRequest } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'

const MAX_FORWARDS = '70'

/**
 * The request that ACK (§17.1.1.3) and CANCEL (§9.1) have in common: Request-URI, top Via, From, To, Call-ID, CSeq number
 * and Route of the INVITE, and further fields.
 */
export function copyOfInvite(
  method: 'ACK' | 'CANCEL', invite: SipRequest, to: string, further: Iterable<readonly [name: string, value: string]>,
): SipRequest {
  const headers: (readonly [string, string])[] = [
    ['Via', invite.via.toString()],
    ['Max-Forwards', MAX_FORWARDS],
    ['From', invite.headers.get('From') ?? ''],
    ['To', to],
    ['Call-ID', invite.callId],
    ['CSeq', `${invite.cseq.sequence} ${method}`],
  ]
  for (const route of invite.headers.getAll('Route')) headers.push(['Route', route])
  headers.push(...further)
  return createRequest({ method, requestUri: invite.requestUri, headers })
}
