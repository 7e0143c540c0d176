import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BuildError, createRequest, ParseError, reasonPhraseOf } from '../../src/index.js'
import { createSipfrag, parseSipfrag, type SipFragment } from '../../src/multipart/index.js'
import { growth } from '../growth.js'
import { bytesOf, textOf } from '../samples.js'

type Read = Extract<ReturnType<typeof parseSipfrag>, { ok: true }>['value']
const read = (text: string): Read => {
  const result = parseSipfrag(text)
  if (!result.ok) throw result.error
  return result.value
}
const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('')
const fragment = (text: string): SipFragment => {
  const value = read(text)
  if (value.kind !== 'fragment') throw new TypeError(value.kind)
  return value
}

describe('RFC 3420 §3.1 valid parts', () => {
  it.each(['\r\n', '\n', ''])('only a start line, ended by %j', (end) => {
    const request = read(`INVITE sip:alice@atlanta.com SIP/2.0${end}`)
    expect(request).toMatchObject({ kind: 'request', method: 'INVITE' })
    expect(request.kind === 'request' && request.requestUri.toString()).toBe('sip:alice@atlanta.com')
    expect(read(`SIP/2.0 603 Declined${end}`)).toMatchObject({ kind: 'response', statusCode: 603, reasonPhrase: 'Declined' })
    expect([...read(`SIP/2.0 603 Declined${end}`).headers]).toEqual([])
  })
  it('a start line and some header fields', () => {
    const request = read(lines('REGISTER sip:atlanta.com SIP/2.0', 'To: sip:alice@atlanta.com', 'Contact: <sip:alicepc@atlanta.com>;q=0.9,', '         <sip:alicemobile@atlanta.com>;q=0.1'))
    expect(String(request.to)).toBe('<sip:alice@atlanta.com>')
    expect(request.contacts === '*' ? [] : request.contacts.map(({ uri }) => uri.toString())).toEqual(['sip:alicepc@atlanta.com', 'sip:alicemobile@atlanta.com'])
    expect(read(lines('SIP/2.0 400 Bad Request', 'Warning: 399 atlanta.com Your Event header field was malformed')).headers.get('Warning')).toBe('399 atlanta.com Your Event header field was malformed')
  })
  it('no start line', () => {
    const signed = fragment(lines('From: Alice <sip:alice@atlanta.com>', 'To: Bob <sip:bob@biloxi.com>', 'Contact: <sip:alice@pc33.atlanta.com>', 'Date: Thu, 21 Feb 2002 13:02:03 GMT', 'Call-ID: a84b4c76e66710', 'Cseq: 314159 INVITE'))
    expect(signed).toMatchObject({ from: { displayName: 'Alice' }, to: { displayName: 'Bob' }, callId: 'a84b4c76e66710', cseq: { sequence: 314159, method: 'INVITE' } })
    expect(signed.body).toHaveLength(0)
    expect(() => signed.via).toThrow(expect.objectContaining({ name: 'BuildError', code: 'missing-header', header: 'Via' }) as Error)
  })
  it('bodies', () => {
    const answer = read(lines('SIP/2.0 200 OK', 'Content-Type: application/sdp', 'Content-Length: 7', '') + 'v=0\r\ns=')
    expect(answer).toMatchObject({ kind: 'response', statusCode: 200 })
    expect(textOf(answer.body)).toBe('v=0\r\ns=')
    expect(textOf(fragment(lines('Content-Type: text/plain', 'Content-Length: 9', '') + 'Hi There!').body)).toBe('Hi There!')
    expect(textOf(fragment(lines('Content-Type: text/plain', '') + 'Hi There!').body)).toBe('Hi There!')
    expect(textOf(fragment(lines('Content-Type: text/plain', 'Content-Length: 2', '') + 'Hi There!').body)).toBe('Hi')
  })
  it('bare line feeds', () => {
    expect(read('SIP/2.0 200 OK\nA: b\n\nbody')).toMatchObject({ statusCode: 200, reasonPhrase: 'OK' })
    expect(textOf(read('SIP/2.0 200 OK\n\nbody').body)).toBe('body')
  })
  it('nothing at all', () => {
    for (const text of ['', '\r\n', '\n']) expect([...fragment(text).headers]).toEqual([])
    expect(textOf(fragment('\r\nbody').body)).toBe('body')
  })
})

describe('RFC 3420 §3.2 invalid parts', () => {
  it.each([
    ['INVITE', 'start-line'], ['INVITE sip:alice@atlanta.com SIP/1.09', 'version'], ['SIP/2.0', 'start-line'], ['404 Not Found', 'start-line'],
    [lines('INVITE sip:alice@atlanta.com SIP/2.0', 'Via: SIP/2.0/UDP ;branch=z9hG4bK29342a', 'To: <>;tag=39234', 'To: sip:alice@atlanta.com', 'From: sip:bob@biloxi.com;tag=1992312', 'Call-ID: this is invalid'), 'duplicate-header'],
    [lines('MESSAGE sip:alice@atlanta.com SIP/2.0', 'Hi There!'), 'header-line'],
    ['SIP/2.0 99 Low', 'start-line'], ['SIP/2.0 700 High', 'start-line'], ['SIP/2.0 2000 Long', 'start-line'], ['SIP/2.0  200 OK', 'start-line'], ['SIP/2.0 200 O\rK', 'control-character'],
    ['INVITE sip:a b SIP/2.0', 'uri'], ['INV(TE sip:a SIP/2.0', 'start-line'], ['INVITE sip: SIP/2.0', 'uri'], [lines('SIP/2.0 200 OK', 'Content-Length: 5', '') + 'abc', 'body-length'],
    [lines('SIP/2.0 200 OK', 'Content-Length: 5, 5', '') + 'abc', 'content-length'], [lines('SIP/2.0 200 OK', 'A: b\rC: d'), 'control-character'], ['x'.repeat(70_000), 'too-large'],
  ])('%.60j', (text, code) => {
    expect(parseSipfrag(text)).toMatchObject({ ok: false, error: { name: 'ParseError', code } })
  })
  it('a header field that cannot be read is refused when it is asked for, as in a message', () => {
    const request = read(lines('INVITE sip:alice@atlanta.com SIP/2.0', 'Via: SIP/2.0/UDP ;branch=z9hG4bK29342a', 'To: <>;tag=39234'))
    expect(() => request.via).toThrow(ParseError)
    expect(() => request.to).toThrow(ParseError)
  })
})

describe('createSipfrag', () => {
  it('RFC 3515 §2.4.5: what a NOTIFY says about a REFER', () => {
    for (const statusCode of [100, 180, 200, 486, 603]) {
      const { contentType, body } = createSipfrag({ statusCode })
      expect(String(contentType)).toBe('message/sipfrag;version=2.0')
      expect(textOf(body)).toBe(`SIP/2.0 ${statusCode} ${reasonPhraseOf(statusCode)}\r\n`)
      expect(read(textOf(body))).toMatchObject({ kind: 'response', statusCode })
    }
    expect(createRequest({ method: 'NOTIFY', requestUri: 'sip:a@h', ...createSipfrag({ statusCode: 200 }) }).headers.get('Content-Type')).toBe('message/sipfrag;version=2.0')
  })
  it('requests, header fields alone, bodies', () => {
    expect(textOf(createSipfrag({ method: 'REGISTER', requestUri: 'sip:atlanta.com', headers: [['To', 'sip:alice@atlanta.com']] }).body)).toBe('REGISTER sip:atlanta.com SIP/2.0\r\nTo: sip:alice@atlanta.com\r\n')
    expect(textOf(createSipfrag({ headers: [['Contact', ['<sip:a@h>', '<sip:b@h>']]] }).body)).toBe('Contact: <sip:a@h>\r\nContact: <sip:b@h>\r\n')
    expect(textOf(createSipfrag({ statusCode: 200, reasonPhrase: '', contentType: 'text/plain', body: 'größe' }).body)).toBe('SIP/2.0 200 \r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\ngröße')
    expect(textOf(createSipfrag({}).body)).toBe('')
  })
  it('header fields of a message, as they are', () => {
    const response = read(lines('SIP/2.0 400 Bad Request', 'Warning: 399 h "a"', 'warning: 399 h "b"', 'Via: SIP/2.0/UDP h'))
    expect(textOf(createSipfrag({ statusCode: 400, headers: [['Warning', response.headers.getAll('Warning')]] }).body)).toBe('SIP/2.0 400 Bad Request\r\nWarning: 399 h "a"\r\nWarning: 399 h "b"\r\n')
    expect(textOf(createSipfrag({ headers: response.headers }).body)).toContain('warning: 399 h "b"\r\n')
  })
  it('refuses what may not be sent', () => {
    for (const options of [{ statusCode: 99 }, { statusCode: 700 }, { statusCode: 200, reasonPhrase: 'a\r\nB: c' }, { method: 'IN VITE', requestUri: 'sip:a' }, { method: 'INVITE', requestUri: 'a b' }, { headers: [['A', 'b\r\nC: d']] as const }, { body: 'x' }])
      expect(() => createSipfrag(options)).toThrow(BuildError)
  })
  it('what is built reads back', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => one.replaceAll(/[\r\n\0\u2028\u2029]/g, '').trim())
    const headers = fc.array(fc.tuple(fc.constantFrom('X-One', 'Subject', 'Warning', '__proto__'), text), { maxLength: 4 })
    const start = fc.oneof(fc.constant({}), fc.record({ statusCode: fc.integer({ min: 100, max: 699 }), reasonPhrase: text }), fc.constantFrom({ method: 'REFER', requestUri: 'sip:a@h;x?' }, { method: 'x-.!', requestUri: 'tel:+1' }).filter(({ requestUri }) => !requestUri.includes('?')))
    fc.assert(fc.property(start, headers, fc.uint8Array({ maxLength: 30 }), (line, list, body) => {
      const created = createSipfrag({ ...line, headers: list, ...(body.length > 0 ? { body, contentType: 'a/b' } : {}) })
      const result = parseSipfrag(created.body)
      if (!result.ok) throw result.error
      expect(result.value).toMatchObject('requestUri' in line ? { method: line.method } : line)
      expect([...result.value.headers].slice(0, list.length)).toEqual(list)
      expect(result.value.body).toEqual(body)
    }), { numRuns: 300 })
  }, 60_000)
  it('twice the size takes about twice the time', () => {
    for (const unit of ['\r\n', '\r', 'a', 'A: b\r\n', ' ', ':', '\0', 'SIP/2.0 ', ' \r\n']) {
      expect(growth((size) => {
        const bytes = bytesOf(unit.repeat(size / unit.length))
        return () => parseSipfrag(bytes)
      }, 30_000)).toBeLessThan(3.6)
    }
  }, 120_000)
})
