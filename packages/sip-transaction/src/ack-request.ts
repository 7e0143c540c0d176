import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { copyOfInvite } from './request-copy.js'

/** The ACK to a response from 300 to 699: RFC 3261 §17.1.1.3, with the INVITE's credentials (§22.1). */
export function createAck(invite: SipRequest, response: SipResponse): SipRequest {
  const credentials = ['Authorization', 'Proxy-Authorization'].map((name) => [name, invite.headers.getAll(name)] as const)
  return copyOfInvite('ACK', invite, response, credentials)
}
