import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerFields, headerValue } from '../src/fields/index.js'
import { BuildError, createRequest, createResponse, HeaderFields, parseMessage, serializeMessage, type HeaderField, type SipRequest } from '../src/index.js'
import { checkGrammar, strict } from '../src/strict/index.js'
import { examples } from './fields/examples.js'
import { seedOr } from './random.js'
import { parsedRequest, textOf } from './samples.js'

const seed = seedOr(20_261_124)
const runs = { seed, numRuns: 300 }
const timeout = 120_000

const once: readonly string[] = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length', 'Content-Type', 'Content-Encoding']
// RFC 9796 has `<data:>`, a URI without anything behind its scheme, which RFC 3261 has not.
const fields = examples.filter(({ field, text }) => !once.includes(field.name) && !text.includes('<data:>'))
const mandatory = [['Via', 'SIP/2.0/UDP h;branch=z9hG4bK1'], ['From', '"A" <sip:a@b>;tag=1'], ['To', '<sip:b@c>'], ['Call-ID', '1@h'], ['CSeq', '1 OPTIONS'], ['Max-Forwards', '70']] as const
const request = (headers: readonly (readonly [string, string])[]): SipRequest => createRequest({ method: 'OPTIONS', requestUri: 'sip:b@c', headers: [...mandatory, ...headers] })

/** Any message: fields of every kind in any order, with values as their builders print them. */
const someFields = fc.array(fc.constantFrom(...fields), { maxLength: 12 }).map((list) => list.map(({ field, text }) => [field.name, printed(field, text)] as const))

function printed(field: HeaderField<unknown>, text: string): string {
  const headers = new HeaderFields([])
  headers.set(field.name, text)
  return headerValue(field, ...headers.read(field))
}

describe(`parse ∘ print = identity, seed ${seed}`, () => {
  it('messages of every header field: what is built reads back, strictly, value by value', () => {
    fc.assert(fc.property(someFields, fc.uint8Array({ maxLength: 40 }), (list, body) => {
      const built = request(list)
      built.body = body
      const bytes = serializeMessage(built)
      const result = parseMessage(bytes, { mode: strict, framing: 'stream' })
      if (!result.ok) throw result.error
      expect([...result.value.headers]).toEqual([...mandatory, ...list, ['Content-Length', String(body.length)]])
      for (const [name, value] of list) {
        const field = headerFields.find((one) => one.name === name)
        if (field !== undefined) expect(result.value.headers.read(field).map(String).join('\n')).toBe(built.headers.read(field).map(String).join('\n'))
        expect(result.value.headers.getAll(name)).toContain(value)
      }
      expect(result.value.body).toEqual(body)
      expect(serializeMessage(result.value)).toEqual(bytes)
    }), runs)
  }, timeout)
  it('every field of the list is among them', () => {
    expect(headerFields.filter(({ name }) => !once.includes(name) && !fields.some(({ field }) => field.name === name)).map(({ name }) => name)).toEqual([])
  })
  it('a proxy that changes Via and Max-Forwards leaves every other octet alone', () => {
    const blanks = fc.constantFrom('', ' ', '\t', '\r\n ', '  ')
    const odd = fc.array(fc.tuple(fc.constantFrom(...fields), blanks, blanks, fc.boolean()), { maxLength: 10 })
      .map((list) => list.map(({ 0: { field, text }, 1: before, 2: behind, 3: upper }) => `${upper ? field.name.toUpperCase() : field.name}${before.trim() === '' && !before.includes('\n') ? before : ''}:${behind}${text}\r\n`))
    fc.assert(fc.property(odd, odd, (above, below) => {
      const rest = (via: string, hops: number): string => `OPTIONS sip:b@c SIP/2.0\r\n${above.join('')}${via}Max-Forwards: ${hops}\r\nf :  <sip:a@b>;tag=1\r\nTO:<sip:b@c>\r\ni:1\r\nCSeq:\r\n 1 OPTIONS\r\n${below.join('')}l:  3\r\n\r\nabc`
      const text = rest('v: SIP/2.0/UDP h;branch=z9hG4bK1\r\n', 70)
      const message = parsedRequest(new TextEncoder().encode(text))
      expect(textOf(serializeMessage(message))).toBe(text)
      message.headers.prepend('Via', 'SIP/2.0/TCP p;branch=z9hG4bK2')
      message.headers.set('Max-Forwards', '69')
      expect(textOf(serializeMessage(message))).toBe(rest('Via: SIP/2.0/TCP p;branch=z9hG4bK2\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\n', 69))
      message.headers.removeFirst('Via')
      message.headers.set('Max-Forwards', '70')
      expect(textOf(serializeMessage(message))).toBe(text)
    }), runs)
  }, timeout)
})

describe(`nothing injected is ever written, seed ${seed}`, () => {
  const nasty = fc.array(fc.oneof(fc.constantFrom('\r', '\n', '\r\n', '\r\n\r\n', '\0', '\r\nEvil: x', ' ', '\t', ':', ';', ',', '"', '<', '>', '\\', '=', '@', '%', 'é', '\u2028', '\ud800', '\u0085', 'Via', 'a'), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 }).map((parts) => parts.join(''))
  const name = fc.oneof(nasty, fc.constantFrom('Subject', 'Via', 'X-A', '__proto__', 'constructor', 'toString', 'Contact', 'Content-Type'))

  /** What was meant is what another reader sees. */
  function sameFields(built: { readonly headers: HeaderFields }, bytes: Uint8Array): void {
    const headers = [...built.headers]
    const [head = ''] = textOf(bytes).split('\r\n\r\n')
    const lines = head.split('\r\n').slice(1)
    expect(lines).toHaveLength(headers.some(([one]) => /^(?:content-length|l)$/i.test(one)) ? headers.length : headers.length + 1)
    expect(head).not.toMatch(/\0|\r(?!\n)|(?:^|[^\r])\n/)
  }
  const attempt = (build: () => { readonly headers: HeaderFields }, write: (built: never) => Uint8Array): void => {
    let built
    try {
      built = build()
    } catch (error) {
      expect(error).toBeInstanceOf(BuildError)
      return
    }
    sameFields(built, write(built as never))
  }
  it('names and values of a request', () => {
    fc.assert(fc.property(name, nasty, (key, value) => { attempt(() => request([[key, value]]), serializeMessage) }), { ...runs, numRuns: 2000 })
  }, timeout)
  it('method, Request-URI, reason phrase, tag, content type', () => {
    fc.assert(fc.property(nasty, fc.nat({ max: 4 }), (text, place) => {
      attempt(() => {
        switch (place) {
          case 0: return createRequest({ method: text, requestUri: 'sip:b@c', headers: mandatory })
          case 1: return createRequest({ method: 'OPTIONS', requestUri: `sip:${text}@c`, headers: mandatory })
          case 2: return createResponse(request([]), { statusCode: 200, reasonPhrase: text })
          case 3: return createResponse(request([]), { statusCode: 200, toTag: text })
          default: return createRequest({ method: 'OPTIONS', requestUri: 'sip:b@c', headers: mandatory, contentType: text })
        }
      }, serializeMessage)
    }), { ...runs, numRuns: 2000 })
  }, timeout)
  it('edits of a message that was read', () => {
    fc.assert(fc.property(fc.constantFrom('set', 'append', 'prepend', 'replaceFirst'), name, nasty, (act, key, value) => {
      const message = parsedRequest(serializeMessage(request([['Subject', 'x'], ['Route', '<sip:p;lr>, <sip:q;lr>']])))
      attempt(() => {
        message.headers[act as 'set'](key, value)
        return message
      }, serializeMessage)
    }), { ...runs, numRuns: 2000 })
  }, timeout)
  it('requests and responses made of readable values pass the grammar', () => {
    fc.assert(fc.property(someFields, fc.integer({ min: 100, max: 699 }), (list, statusCode) => {
      const made = request(list)
      for (const message of [made, createResponse(made, { statusCode, toTag: 't' })]) expect(checkGrammar(message).filter(({ severity }) => severity === 'error')).toEqual([])
    }), runs)
  }, timeout)
})
