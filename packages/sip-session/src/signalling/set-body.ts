import type { SipRequest } from '@offhook/sip-parser'

const encoder = new TextEncoder()

/** Gives a request its body. */
export function setBody(request: SipRequest, body: string, contentType: string): void {
  request.headers.set('Content-Type', contentType)
  request.body = encoder.encode(body)
}
