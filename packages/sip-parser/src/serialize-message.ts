import { encodeUtf8, writeAscii, writeOctets } from './octets.js'
import type { SipMessage } from './parse-message.js'

/**
 * The bytes of a message. Untouched fields come out as they came in; Content-Length is always the size of the body, added when absent.
 * Lines end in CRLF whatever they ended in.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  const { body, headers } = message
  const head = `${message.startLine}\r\n${headers.toText(body.length)}`
  const bytes = new Uint8Array(head.length + body.length)
  if (!writeAscii(head, bytes)) {
    if (headers.ascii) return join(encodeUtf8(head), body)
    writeOctets(head, bytes)
  }
  bytes.set(body, head.length)
  return bytes
}

function join(head: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}
