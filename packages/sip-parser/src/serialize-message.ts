import { writeOctets } from './octets.js'
import type { SipMessage } from './parse-message.js'

/**
 * The bytes of a message. Untouched fields come out as they came in; Content-Length is always the size of the body, added when absent.
 * Lines end in CRLF whatever they ended in.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  const { body } = message
  const head = `${message.startLine}\r\n${message.headers.toText(body.length)}`
  const bytes = new Uint8Array(head.length + body.length)
  writeOctets(head, bytes)
  bytes.set(body, head.length)
  return bytes
}
