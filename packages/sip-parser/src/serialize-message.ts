import { encoder, isAscii, writeOctets } from './octets.js'
import type { SipMessage } from './parse-message.js'

/**
 * The bytes of a message. Untouched fields come out as they came in; Content-Length is always the size of the body, added when absent.
 * Lines end in CRLF whatever they ended in.
 *
 * The bytes are the caller's, but `bytes.buffer` is larger and holds other messages, too, as with the buffers of Node:
 * they are to be copied before they are transferred, or kept for hours.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  const text = flatText(message)
  if (text !== undefined) {
    // Nearly every message is ASCII, and then one native call writes all of it.
    const bytes = take(text.length)
    const { read, written } = encoder.encodeInto(text, bytes)
    if (read === text.length && written === read) return bytes
  }
  return joined(message)
}

/**
 * A message as the text that is sent, when all of it is ASCII; undefined otherwise, as only octets can tell then.
 *
 * For who keeps many messages for long: one string instead of a message, which holds on to what it was made of. `parseMessage` makes a message of it again.
 */
export function messageText(message: SipMessage): string | undefined {
  const text = flatText(message)
  return text !== undefined && isAscii(text) ? text : undefined
}

/** One piece of text, one character per octet if that is all there are; undefined when the body is not at hand as text, or a NUL is in it. */
function flatText(message: SipMessage): string | undefined {
  const body = message.bodyText
  if (body === undefined) return undefined
  const text = `${message.startLine}\r\n${message.headers.toText(body.length)}${body}`
  // The search makes one piece of the text: made of many it would be encoded at half the speed.
  return text.includes('\0') ? undefined : text
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
