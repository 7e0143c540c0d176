import { headerFields } from '../../src/fields/index.js'
import { createResponse, ParseError, parseMessage, serializeMessage, StreamFramer, type FramedItem, type SipMessage } from '../../src/index.js'
import { validateMessage } from '../../src/lint/index.js'
import { readBody } from '../../src/multipart/index.js'
import { strict } from '../../src/strict/index.js'
import { below, type Random } from '../random.js'

/** What is promised of any octets at all was broken. */
class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}

/** How an input went. */
export type Outcome = 'read' | 'refused'

function promise(kept: boolean, words: string): void {
  if (!kept) throw new BrokenPromise(words)
}

/**
 * Does everything to the octets that the package can do to a peer's octets. Throws on the first promise that is not kept:
 * nothing is thrown but ParseError, where a value cannot be read; what is written is a message with the same values, and is written again the same.
 */
export function examine(bytes: Uint8Array): Outcome {
  const result = parseMessage(bytes)
  if (!result.ok) {
    examineError(result.error, bytes)
    return 'refused'
  }
  const message = result.value
  for (const { offset } of message.diagnostics) promise(offset >= 0 && offset <= bytes.length, 'a diagnostic outside the message')
  readEverything(message)
  const written = serializeMessage(message)
  const again = parseMessage(written, { framing: 'stream' })
  promise(again.ok, `what was written is refused: ${again.ok ? '' : again.error.message}`)
  if (again.ok) {
    promise(sameRouting(message, again.value), 'what was written has other values')
    promise(sameOctets(serializeMessage(again.value), written), 'written a second time, it differs')
  }
  return 'read'
}

/** Strict mode reads a part of what tolerant mode reads, and reads the same. The linter has something to say about any message, and never throws. */
export function examineStrict(bytes: Uint8Array): void {
  const tolerantly = parseMessage(bytes)
  if (tolerantly.ok) for (const { offset } of validateMessage(tolerantly.value, bytes)) promise(offset >= 0 && offset <= bytes.length, 'a finding outside the message')
  const strictly = parseMessage(bytes, { mode: strict })
  if (!strictly.ok) return examineError(strictly.error, bytes)
  promise(tolerantly.ok, 'strict mode reads what tolerant mode refuses')
  if (tolerantly.ok) promise(sameOctets(serializeMessage(strictly.value), serializeMessage(tolerantly.value)), 'strict mode reads another message')
}

function examineError(error: ParseError, bytes: Uint8Array): void {
  promise(error.offset >= 0 && error.offset <= bytes.length + 1, 'an error outside the message')
  if (error.request === undefined) return
  const response = serializeMessage(createResponse(error.request, { statusCode: error.statusCode, toTag: 't' }))
  promise(response.length < bytes.length * 2 + 200, 'an answer longer than the question')
}

const accessors = ['vias', 'maxForwards', 'contacts', 'contact', 'route', 'recordRoute', 'path', 'serviceRoute', 'contentLength', 'expires', 'minExpires', 'retryAfter', 'allow', 'supported', 'require', 'proxyRequire', 'unsupported'] as const
const fieldsByName = new Map(headerFields.map((field) => [field.name.toLowerCase(), field]))
const longForms: Readonly<Record<string, string>> = {
  a: 'accept-contact', b: 'referred-by', c: 'content-type', d: 'request-disposition', e: 'content-encoding', f: 'from', i: 'call-id', j: 'reject-contact', k: 'supported', l: 'content-length', m: 'contact', n: 'identity-info',
  o: 'event', r: 'refer-to', s: 'subject', t: 'to', u: 'allow-events', v: 'via', x: 'session-expires', y: 'identity',
}

function readEverything(message: SipMessage): void {
  // What every message has is there, and is never an error.
  for (const value of [message.via, message.from, message.to, message.callId, message.cseq]) promise(String(value) !== '', 'a mandatory value is empty')
  for (const accessor of accessors) onlyParseErrors(() => String(message[accessor]))
  for (const [name, value] of message.headers) {
    promise(!/[\r\n]/.test(value), 'a value goes over a line end')
    const lower = name.toLowerCase()
    const field = fieldsByName.get(Object.hasOwn(longForms, lower) ? (longForms[lower] ?? lower) : lower)
    if (field !== undefined) onlyParseErrors(() => String(message.headers.read(field)))
  }
  if (message.body.length > 0) readBody(message)
}

function onlyParseErrors(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
  }
}

function sameRouting(one: SipMessage, other: SipMessage): boolean {
  return one.kind === other.kind && String(one.via) === String(other.via) && String(one.from) === String(other.from) && String(one.to) === String(other.to)
    && one.callId === other.callId && String(one.cseq) === String(other.cseq) && sameOctets(one.body, other.body)
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

/** A stream says the same whether it comes whole or in pieces. */
export function examineStream(bytes: Uint8Array, random: Random): void {
  const whole = messagesIn(new StreamFramer().push(bytes))
  const framer = new StreamFramer()
  const items: FramedItem[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + below(random, random() < 0.5 ? 3 : 200)
    items.push(...framer.push(bytes.subarray(at, at + size)))
    at += size
  }
  const parts = messagesIn(items)
  promise(whole.length === parts.length && whole.every((item, at) => item === parts[at]), 'in pieces it is framed in another way')
}

/** Messages by their octets and errors by their code; whether two line ends are a ping depends on the pieces (RFC 5626 §3.5.1). */
function messagesIn(items: readonly FramedItem[]): string[] {
  return items.flatMap((item) => {
    if (item.type === 'message') return [String.fromCharCode(...item.bytes)]
    return item.type === 'error' ? [item.error.code] : []
  })
}
