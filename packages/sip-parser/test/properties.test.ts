import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRequest, createResponse, CSeq, escapeUser, NameAddr, Parameters, ParseError, parseMessage, parseNameAddr, parseUri, parseVia, serializeMessage, SipUri, StreamFramer, Via, type SipMessage } from '../src/index.js'
import { bytesOf, optionsWith, parsed, typedFields, valueOf } from './samples.js'

const timeout = 120_000
const tokenCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"
const token = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 12 })
const plain = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n\0]/g, '').trim())
const host = fc.oneof(
  fc.array(fc.string({ unit: fc.constantFrom(...'abcxyz019-_'), minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.ipV4(), fc.ipV6().map((address) => `[${address}]`))
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined })
const fieldParameters = fc.uniqueArray(fc.tuple(token, fc.oneof(token, plain, fc.constant(''))), { maxLength: 4, selector: ([name]) => name.toLowerCase() })
const uriParameters = fc.uniqueArray(fc.tuple(token, fc.oneof(token, fc.constant(''))), { maxLength: 4, selector: ([name]) => name.toLowerCase() })
const uri = fc.record({
  scheme: fc.constantFrom('sip' as const, 'sips' as const),
  user: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).map(escapeUser).filter((user) => user !== ''), { nil: undefined }),
  host, port, parameters: uriParameters,
}).map((parts) => SipUri.of(parts))
const address = fc.record({ displayName: fc.option(plain, { nil: undefined }), uri, parameters: fieldParameters }).map((parts) => NameAddr.of(parts))
const via = fc.record({ transport: token, host, port, parameters: fieldParameters }).map((parts) => Via.of(parts))
const headerName = token.filter((name) => !/^(from|to|call-id|cseq|max-forwards|content-length|via|contact|content-type|route|record-route|[a-z])$/i.test(name))
const request = fc.record({
  method: token, requestUri: uri, vias: fc.array(via, { minLength: 1, maxLength: 3 }), from: address, to: address, callId: token, sequence: fc.nat({ max: 2 ** 31 - 1 }),
  contacts: fc.array(address, { maxLength: 3 }), others: fc.array(fc.tuple(headerName, plain), { maxLength: 5 }), body: fc.uint8Array({ maxLength: 60 }),
})
type Parts = typeof request extends fc.Arbitrary<infer T> ? T : never
const build = (parts: Parts): SipMessage => createRequest({
  method: parts.method, requestUri: parts.requestUri, body: parts.body,
  headers: [['Via', parts.vias], ['From', parts.from], ['To', parts.to], ['Call-ID', parts.callId], ['CSeq', CSeq.of(parts.sequence, parts.method)],
    ...(parts.contacts.length === 0 ? [] : [['Contact', parts.contacts.map(String).join(', ')] as const]), ...parts.others],
})

describe('what is printed reads back', () => {
  it('URIs, addresses, Vias', () => {
    fc.assert(fc.property(uri, address, via, (aUri, anAddress, aVia) => {
      for (const [value, result] of [[aUri, parseUri(aUri.toString())], [anAddress, parseNameAddr(anAddress.toString())], [aVia, parseVia(aVia.toString())]] as const) {
        expect(result.ok && result.value.toString()).toBe(value.toString())
        expect(result.ok && [...('parameters' in result.value ? result.value.parameters : [])]).toEqual([...value.parameters])
      }
      const again = parseNameAddr(anAddress.toString())
      expect(again.ok && again.value.displayName).toBe(anAddress.displayName)
    }), { numRuns: 400 })
  }, timeout)
  it('requests and responses, and printing is a fixed point', () => {
    fc.assert(fc.property(request, fc.integer({ min: 100, max: 699 }), (parts, statusCode) => {
      const bytes = serializeMessage(build(parts))
      const message = parsed(bytes, { framing: 'stream' })
      expect(message).toMatchObject({ kind: 'request', method: parts.method, callId: parts.callId })
      expect(message.kind === 'request' && message.requestUri.toString()).toBe(parts.requestUri.toString())
      expect(message.vias.map(String)).toEqual(parts.vias.map(String))
      expect([message.from, message.to].map(String)).toEqual([parts.from, parts.to].map(String))
      expect(message.cseq.sequence).toBe(parts.sequence)
      expect(message.contacts === '*' ? [] : message.contacts.map(String)).toEqual(parts.contacts.map(String))
      for (const [name, value] of parts.others) expect(message.headers.getAll(name)).toContain(value)
      expect(message.body).toEqual(parts.body)
      expect(serializeMessage(message)).toEqual(bytes)
      if (message.kind === 'response') return
      const response = createResponse(message, { statusCode, toTag: 'mine' })
      const answer = parsed(serializeMessage(response))
      expect(answer).toMatchObject({ kind: 'response', statusCode })
      expect([answer.via, answer.from].map(String)).toEqual([message.via, message.from].map(String))
      if (statusCode > 100) expect(answer.to.parameters.has('tag')).toBe(true)
    }), { numRuns: 400 })
  }, timeout)
  it('edits read back, whatever they are, and leave the rest alone', () => {
    const edit = fc.tuple(fc.constantFrom('set', 'append', 'prepend', 'replaceFirst', 'removeFirst', 'delete'), fc.constantFrom('Route', 'Subject', 'X-A', 's', 'ROUTE'), plain)
    fc.assert(fc.property(request, fc.array(edit, { maxLength: 8 }), (parts, edits) => {
      const message = parsed(serializeMessage(build(parts)))
      for (const [act, name, value] of edits) {
        if (act === 'removeFirst' || act === 'delete') {
          try {
            message.headers[act](name)
          } catch (error) {
            // A list with an open quote has no first value.
            expect(error).toBeInstanceOf(ParseError)
          }
        } else {
          try {
            message.headers[act as 'set'](name, value)
          } catch (error) {
            expect(error).toBeInstanceOf(ParseError)
          }
        }
      }
      const again = parsed(serializeMessage(message))
      expect([...again.headers].filter(([name]) => name !== 'Content-Length')).toEqual([...message.headers].filter(([name]) => name !== 'Content-Length'))
      expect(again.vias.map(String)).toEqual(parts.vias.map(String))
      expect(again.body).toEqual(parts.body)
    }), { numRuns: 400 })
  }, timeout)
  it('parameters keep any value', () => {
    fc.assert(fc.property(fieldParameters, (list) => {
      const printed = parseNameAddr(`<sip:h>${Parameters.of(list).toString()}`)
      for (const [name, value] of list) expect(printed.ok && printed.value.parameters.get(name)).toBe(value.startsWith('"') ? printed.ok && printed.value.parameters.get(name) : value)
    }), { numRuns: 400 })
  }, timeout)
})

describe('what a peer may send never throws', () => {
  const accessors = ['via', 'vias', 'from', 'to', 'callId', 'cseq', 'maxForwards', 'contacts', 'contact', 'route', 'recordRoute', 'contentLength', 'expires', 'retryAfter', 'allow', 'supported', ...typedFields] as const
  const never = new Set<string>(['via', 'from', 'to', 'callId', 'cseq'])

  function check(bytes: Uint8Array): void {
    const result = parseMessage(bytes)
    if (!result.ok) {
      const { error } = result
      expect(error.offset).toBeLessThanOrEqual(bytes.length + 1)
      if (error.request !== undefined) {
        const response = serializeMessage(createResponse(error.request, { statusCode: error.statusCode, toTag: 't' }))
        expect(response.length).toBeLessThan(bytes.length * 2 + 200)
      }
      return
    }
    const message = result.value
    for (const accessor of accessors) {
      try {
        String(valueOf(message, accessor))
      } catch (error) {
        if ((typeof accessor === 'string' && never.has(accessor)) || !(error instanceof ParseError)) throw error
      }
    }
    // What is written is a message, with the same routing values.
    const written = parseMessage(serializeMessage(message), { framing: 'stream' })
    if (!written.ok) throw written.error
    for (const accessor of never) expect(String(written.value[accessor as 'via'])).toBe(String(message[accessor as 'via']))
  }

  it('arbitrary octets and arbitrary text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }), (bytes, text) => {
      parseMessage(bytes)
      parseMessage(text)
      for (const read of [parseUri, parseNameAddr, parseVia]) read(text)
      new StreamFramer().push(bytes)
    }), { numRuns: 500 })
  }, timeout)
  it('arbitrary values in every field we know', () => {
    const names = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Route', 'Max-Forwards', 'Content-Type', 'Expires', 'WWW-Authenticate', 'Authorization', 'Event', 'Allow']
    const part = fc.oneof(fc.constantFrom('<', '>', '"', '\\', ';', ',', '=', '@', ':', 'sip:', 'a', 'h', '1', ' ', '\t', '\r\n ', '[', ']', 'SIP/2.0/UDP ', '*', '%', 'é', '\u0001'), fc.string({ maxLength: 3 }))
    fc.assert(fc.property(fc.constantFrom(...names), fc.array(part, { maxLength: 12 }), (name, parts) => {
      check(bytesOf(optionsWith([`${name}: ${parts.join('')}`])))
    }), { numRuns: 1500 })
  }, timeout)
})
