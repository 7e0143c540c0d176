import { createResponse, parseMessage } from '@offhook/sip-parser'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'

/** The lines of a message, with CRLF, and a body after the empty line. */
export function lines(...text: readonly string[]): string {
  return `${text.join('\r\n')}\r\n\r\n`
}

/** An OPTIONS request that is whole, as text. */
export function options(via: string, extra: readonly string[] = [], body = ''): string {
  return lines(
    'OPTIONS sip:bob@example.com SIP/2.0', `Via: ${via}`, 'Max-Forwards: 70', 'From: <sip:alice@example.com>;tag=a',
    'To: <sip:bob@example.com>', 'Call-ID: call-1', 'CSeq: 1 OPTIONS', ...extra, `Content-Length: ${body.length}`,
  ) + body
}

/** A 200 to such a request, as text. */
export function ok(via: string): string {
  return lines('SIP/2.0 200 OK', `Via: ${via}`, 'From: <sip:alice@example.com>;tag=a', 'To: <sip:bob@example.com>;tag=b', 'Call-ID: call-1', 'CSeq: 1 OPTIONS', 'Content-Length: 0')
}

export function parsed(text: string): SipMessage {
  const result = parseMessage(text)
  if (!result.ok) throw result.error
  return result.value
}

export function request(via: string): SipRequest {
  const message = parsed(options(via))
  if (message.kind !== 'request') throw new TypeError('not a request')
  return message
}

export { createResponse }
export const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
