import {
  authorization, contentDisposition, contentType, event, type HeaderField, parseMessage, type ParseOptions, proxyAuthenticate, proxyAuthorization, type SipMessage, type SipRequest, type SipResponse, wwwAuthenticate,
} from '../src/index.js'

/** Every typed field without an accessor. */
export const typedFields: readonly HeaderField<unknown>[] = [authorization, contentDisposition, contentType, event, proxyAuthenticate, proxyAuthorization, wwwAuthenticate]

/** What an accessor or a typed field gives. */
export function valueOf(message: SipMessage, place: Exclude<keyof SipMessage, 'clone' | 'check'> | HeaderField<unknown>): unknown {
  return typeof place === 'string' ? message[place] : message.headers.read(place)
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const mandatory: readonly string[] = [
  'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds',
  'Max-Forwards: 70',
  'To: Bob <sip:bob@biloxi.com>',
  'From: Alice <sip:alice@atlanta.com>;tag=1928301774',
  'Call-ID: a84b4c76e66710@pc33.atlanta.com',
  'CSeq: 314159 OPTIONS',
]

/** An OPTIONS where lines replace the mandatory field of the same name, or are added. */
export function optionsWith(lines: readonly string[] = [], startLine = 'OPTIONS sip:bob@biloxi.com SIP/2.0', body = ''): string {
  const nameOf = (line: string): string => {
    const name = line.slice(0, line.search(/[\s:]/)).toLowerCase()
    return { v: 'via', t: 'to', f: 'from', i: 'call-id' }[name] ?? name
  }
  const replaced = new Set(lines.map(nameOf))
  const kept = mandatory.filter((line) => !replaced.has(nameOf(line)))
  return [startLine, ...kept, ...lines, '', body].join('\r\n')
}

export function parsed(input: string | Uint8Array, options?: ParseOptions): SipMessage {
  const result = parseMessage(input, options)
  if (!result.ok) throw result.error
  return result.value
}

export function parsedRequest(input: string | Uint8Array, options?: ParseOptions): SipRequest {
  const message = parsed(input, options)
  if (message.kind !== 'request') throw new TypeError('not a request')
  return message
}

export function parsedResponse(input: string | Uint8Array): SipResponse {
  const message = parsed(input)
  if (message.kind !== 'response') throw new TypeError('not a response')
  return message
}

/** The error of a message that must be refused. */
export function refusal(input: string | Uint8Array, options?: ParseOptions): Extract<ReturnType<typeof parseMessage>, { ok: false }>['error'] {
  const result = parseMessage(input, options)
  if (result.ok) throw new TypeError('was accepted')
  return result.error
}
