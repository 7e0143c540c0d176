import type { SipRequest } from '@offhook/sip-parser'
import type { RemoteParty } from './remote-party.js'

/** A MESSAGE of somebody (RFC 3428), answered with 200 already. */
export interface IncomingMessage {
  readonly from: RemoteParty
  readonly text: string
  readonly contentType: string
  readonly request: SipRequest
}

const decoder = new TextDecoder()

/** What a MESSAGE says. */
export function readMessage(request: SipRequest): IncomingMessage {
  const { uri, displayName } = request.from
  return { from: { uri, displayName }, text: decoder.decode(request.body), contentType: request.headers.get('Content-Type') ?? 'text/plain', request }
}
