import { encoder, writeOctets } from './octets.js'
import type { SipMessage } from './parse-message.js'

/**
 * The bytes of a message. Untouched fields come out as they came in; Content-Length is always the size of the body, added when absent.
 * Lines end in CRLF whatever they ended in.
 *
 * The bytes are the caller's, but `bytes.buffer` is larger and holds other messages, too, as with the buffers of Node:
 * they are to be copied before they are transferred, or kept for hours.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  const body = message.bodyText
  if (body !== undefined) {
    // Nearly every message is ASCII, and then one native call writes all of it.
    const text = `${message.startLine}\r\n${message.headers.toText(body.length)}${body}`
    const bytes = take(text.length)
    // The search makes one piece of the text: made of many it would be encoded at half the speed.
    const { read, written } = encoder.encodeInto(text.includes('\0') ? '' : text, bytes)
    if (read === text.length && written === read) return bytes
  }
  return joined(message)
}

function joined(message: SipMessage): Uint8Array {
  const { body } = message
  const head = `${message.startLine}\r\n${message.headers.toText(body.length)}`
  const bytes = take(head.length + body.length)
  writeOctets(head, bytes)
  bytes.set(body, head.length)
  return bytes
}

const slabSize = 16_384
let slab: Uint8Array = /* @__PURE__ */ new Uint8Array(0)
let taken = 0

/** Room for a message: to make a buffer of its own for each would cost more than all the rest. */
function take(size: number): Uint8Array {
  if (size > slabSize / 4) return new Uint8Array(size)
  if (taken + size > slab.length) {
    slab = new Uint8Array(slabSize)
    taken = 0
  }
  taken += size
  return slab.subarray(taken - size, taken)
}
