import { describe, expect, it } from 'vitest'
import { BuildError, contentType, createRequest, createResponse, CSeq, NameAddr, parseUri, reasonPhraseOf, serializeMessage, SipUri, Via } from '../src/index.js'
import { optionsWith, parsed, parsedRequest, textOf } from './samples.js'

describe('createRequest', () => {
  it('writes what it is given, in order', () => {
    const uri = SipUri.of({ user: 'bob', host: 'biloxi.com' })
    const request = createRequest({
      method: 'MESSAGE', requestUri: uri, body: 'grüß dich', contentType: 'text/plain;charset=utf-8',
      headers: [['Via', Via.of({ transport: 'UDP', host: 'h', parameters: [['branch', 'z9hG4bK1']] })], ['Max-Forwards', 70], ['From', NameAddr.of({ displayName: 'Jürgen', uri, parameters: [['tag', 'x']] })],
        ['To', NameAddr.of({ uri })], ['Call-ID', 'c'], ['CSeq', CSeq.of(1, 'MESSAGE')], ['Route', ['<sip:p1;lr>', '<sip:p2;lr>']]],
    })
    const text = 'MESSAGE sip:bob@biloxi.com SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: "Jürgen" <sip:bob@biloxi.com>;tag=x\r\nTo: <sip:bob@biloxi.com>\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\n'
      + 'Route: <sip:p1;lr>\r\nRoute: <sip:p2;lr>\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: 11\r\n\r\ngrüß dich'
    expect(textOf(serializeMessage(request))).toBe(text)
    expect(request.route).toHaveLength(2)
    expect(parsed(serializeMessage(request)).from.displayName).toBe('Jürgen')
  })
  it('the start line follows its parts', () => {
    const request = parsedRequest(optionsWith())
    request.method = 'INFO'
    const uri = parseUri('sip:ü@h')
    if (uri.ok) request.requestUri = uri.value
    expect(textOf(serializeMessage(request))).toMatch(/^INFO sip:ü@h SIP\/2.0\r\n/)
    expect(() => { request.method = 'A B' }).toThrow(BuildError)
    expect(() => { request.method = 'A\r\nB' }).toThrow(BuildError)
    expect(request.method).toBe('INFO')
  })
  it.each([
    ['a method that is no token', { method: 'IN VITE', requestUri: 'sip:a@b' }], ['a line break in the method', { method: 'INVITE\r\n', requestUri: 'sip:a@b' }],
    ['no URI', { method: 'INVITE', requestUri: 'bob' }], ['a line break in the URI', { method: 'INVITE', requestUri: 'sip:a@b\r\nX: y' }], ['a blank in the URI', { method: 'INVITE', requestUri: 'sip:a@b SIP/2.0' }],
    ['a line break in a value', { method: 'INVITE', requestUri: 'sip:a@b', headers: [['Subject', 'a\r\nX: y']] as const }], ['a line break in one of many', { method: 'INVITE', requestUri: 'sip:a@b', headers: [['Subject', ['a', 'b\n']]] as const }],
    ['a line break in a name', { method: 'INVITE', requestUri: 'sip:a@b', headers: [['X\r\nY', 'a']] as const }], ['NUL', { method: 'INVITE', requestUri: 'sip:a@b', headers: [['X', '\0']] as const }],
    ['a line break in the type', { method: 'INVITE', requestUri: 'sip:a@b', contentType: 'a/b\r\nX: y' }], ['an object that prints one', { method: 'INVITE', requestUri: 'sip:a@b', headers: [['X', { toString: (): string => 'a\nb' }]] as const }],
  ])('refuses %s', (_, options) => {
    expect(() => createRequest(options)).toThrow(BuildError)
  })
})

describe('RFC 3261 §8.2.6 createResponse', () => {
  const request = parsedRequest(optionsWith(['Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b', 'v:  SIP/2.0/TCP c ', 'To:  Bob <sip:bob@h> ', 'f: <sip:a@h>;tag=1', 'i: x', 'Record-Route: <sip:p;lr>', 'Timestamp: 54', 'Subject: s', 'CSeq: 7 INVITE'], 'INVITE sip:bob@h SIP/2.0'))
  const lines = (statusCode: number, toTag?: string): string[] => textOf(serializeMessage(createResponse(request, { statusCode, ...(toTag === undefined ? {} : { toTag }) }))).split('\r\n')

  it('copies Via, From, To, Call-ID and CSeq as they came', () => {
    expect(lines(486, 'mine')).toEqual(['SIP/2.0 486 Busy Here', 'Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b', 'v:  SIP/2.0/TCP c ', 'To:  Bob <sip:bob@h>;tag=mine', 'f: <sip:a@h>;tag=1', 'i: x', 'CSeq: 7 INVITE', 'Content-Length: 0', '', ''])
  })
  it('Timestamp in a 100, which gets no tag; Record-Route in what sets up a dialog', () => {
    expect(lines(100, 'mine').join('\n')).toContain('Timestamp: 54')
    expect(lines(100, 'mine')).toContain('To:  Bob <sip:bob@h> ')
    expect([100, 180, 200, 302, 486].map((statusCode) => lines(statusCode).includes('Record-Route: <sip:p;lr>'))).toEqual([false, true, true, false, false])
  })
  it('keeps a tag that is there', () => {
    const inDialog = parsedRequest(optionsWith(['To: <sip:bob@h>;tag=theirs']))
    expect(createResponse(inDialog, { statusCode: 200, toTag: 'mine' }).to.tag).toBe('theirs')
  })
  it('leaves the request alone', () => {
    const before = textOf(serializeMessage(request))
    createResponse(request, { statusCode: 200, toTag: 'mine' }).headers.removeFirst('Via')
    expect(textOf(serializeMessage(request))).toBe(before)
  })
  it('takes further fields, a body, a phrase', () => {
    const response = createResponse(request, { statusCode: 200, reasonPhrase: 'Sehr schön', headers: [['Contact', '<sip:me@h>']], body: new Uint8Array([1, 2]), contentType: 'a/b' })
    const received = parsed(serializeMessage(response))
    expect(received).toMatchObject({ statusCode: 200, reasonPhrase: 'Sehr schön', contentLength: 2, contact: { uri: { user: 'me' } } })
    expect(received.headers.read(contentType)).toMatchObject([{ essence: 'a/b' }])
    response.statusCode = 202
    response.reasonPhrase = ''
    expect(textOf(serializeMessage(response.clone()))).toMatch(/^SIP\/2.0 202 \r\n/)
  })
  it.each([[{ statusCode: 99 }], [{ statusCode: 700 }], [{ statusCode: 200.5 }], [{ statusCode: 200, reasonPhrase: 'a\r\nb' }], [{ statusCode: 200, toTag: 'a b' }], [{ statusCode: 200, toTag: 'a;b' }], [{ statusCode: 200, headers: [['X', '\n']] as const }]])('refuses %j', (options) => {
    expect(() => createResponse(request, options)).toThrow(BuildError)
  })
  it('a NUL that came quoted does not keep a request from being answered (RFC 4475 §3.1.1.2)', () => {
    const odd = parsedRequest(optionsWith(['To: "\\\0" <sip:a@h>']))
    expect(textOf(serializeMessage(createResponse(odd, { statusCode: 200, toTag: 't' })))).toContain('To: "\\\0" <sip:a@h>;tag=t\r\n')
  })
  it('setters refuse', () => {
    const response = createResponse(request, { statusCode: 200 })
    expect(() => { response.statusCode = 42 }).toThrow(BuildError)
    expect(() => { response.reasonPhrase = '\r' }).toThrow(BuildError)
  })
  it('reason phrases', () => {
    expect([100, 200, 404, 489, 606, 299, 799, 42].map(reasonPhraseOf)).toEqual(['Trying', 'OK', 'Not Found', 'Bad Event', 'Not Acceptable', 'Success', '', ''])
  })
})
