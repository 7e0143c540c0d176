import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { copyOfInvite } from './request-copy.js'

const CREDENTIALS = ['Authorization', 'Proxy-Authorization'] as const

/** The ACK to a response from 300 to 699: RFC 3261 §17.1.1.3, with the INVITE's credentials (§22.1). */
export function createAck(invite: SipRequest, response: SipResponse): SipRequest {
  const credentials: (readonly [string, string])[] = []
  for (const name of CREDENTIALS) {
    for (const value of invite.headers.getAll(name)) credentials.push([name, value])
  }
  return copyOfInvite('ACK', invite, response.headers.get('To') ?? '', credentials)
}
