import { describe, expect, it } from 'vitest'
import { authorization, BuildError, contentDisposition, contentType, createRequest, event, ParseError, proxyAuthenticate, proxyAuthorization, type SipMessage, wwwAuthenticate } from '../src/index.js'
import { optionsWith, parsed } from './samples.js'

describe('typed accessors', () => {
  it('are undefined or empty when the field is absent', () => {
    const message = parsed(optionsWith().replace('Max-Forwards: 70\r\n', ''))
    expect(message.maxForwards).toBeUndefined()
    expect([message.contacts, message.route, message.recordRoute, message.path, message.serviceRoute]).toEqual([[], [], [], [], []])
    expect([message.allow, message.supported, message.require, message.proxyRequire, message.unsupported]).toEqual([[], [], [], [], []])
    for (const field of [wwwAuthenticate, proxyAuthenticate, authorization, proxyAuthorization, contentType, contentDisposition, event]) expect(message.headers.read<unknown>(field)).toEqual([])
    expect([message.contact, message.contentLength, message.expires, message.minExpires, message.retryAfter]).toEqual(Array.from({ length: 5 }, () => undefined))
  })
  it.each([
    ['Max-Forwards: x', 'maxForwards', 'RFC 3261 §20.22'], ['Max-Forwards: -1', 'maxForwards', 'RFC 3261 §20.22'], ['Contact: <sip:a@b', 'contacts', 'RFC 3261 §20.10'],
    ['Contact: *, <sip:a@b>', 'contacts', 'RFC 3261 §20.10'], ['Contact: <sip:a@b>, *', 'contacts', 'RFC 3261 §20.10'], ['Route: <sip:a:99999>', 'route', 'RFC 3261 §20.34'],
    ['Content-Type: text', contentType, 'RFC 3261 §20.15'], ['Expires: soon', 'expires', 'RFC 3261 §20.19'], ['WWW-Authenticate: @', wwwAuthenticate, 'RFC 3261 §20.44'], ['Event: ;', event, 'RFC 6665 §8.2.1'],
  ] as const)('%s throws a ParseError, the message stands', (line, accessor, section) => {
    const text = optionsWith([line])
    const message: SipMessage = parsed(text)
    const read = (): unknown => (typeof accessor === 'string' ? message[accessor] : message.headers.read<unknown>(accessor))
    expect(read).toThrow(ParseError)
    try {
      read()
    } catch (error) {
      expect(error).toMatchObject({ header: line.split(':')[0], section, statusCode: 400 })
      const at = text.indexOf(line)
      expect((error as ParseError).offset).toBeGreaterThanOrEqual(at)
      expect((error as ParseError).offset).toBeLessThanOrEqual(at + line.length)
    }
  })
  it('throw BuildError for what every message needs and a built one lacks', () => {
    const message = createRequest({ method: 'OPTIONS', requestUri: 'sip:a@b' })
    for (const accessor of ['via', 'from', 'to', 'callId', 'cseq'] as const) expect(() => message[accessor]).toThrow(BuildError)
    expect(message.vias).toEqual([])
  })
  it('read lists over several fields, quotes and brackets holding commas', () => {
    const message = parsed(optionsWith(['Contact: "A, B" <sip:a@b;x=1,2>;q=0.5, sip:c@d;expires=5', 'm: <sip:e@f?Subject=a,b>,', 'Allow: INVITE,ACK ,, BYE', 'Allow: NOTIFY']))
    expect(message.contacts).toMatchObject([{ displayName: 'A, B' }, { uri: { host: 'd' } }, { uri: { headers: 'Subject=a,b' } }])
    expect(message.contact?.parameters.get('Q')).toBe('0.5')
    expect(message.allow).toEqual(['INVITE', 'ACK', 'BYE', 'NOTIFY'])
  })
  it('Contact: * (RFC 3261 §10.2.2)', () => {
    const message = parsed(optionsWith(['Contact: *']))
    expect(message.contacts).toBe('*')
    expect(message.contact).toBeUndefined()
  })
  it('numbers have bounds', () => {
    const message = parsed(optionsWith(['Max-Forwards: 99999999999999999999', 'Expires: 99999999999999999999', 'Retry-After: 18000;duration=3600', 'Min-Expires: 60']))
    expect(message.maxForwards).toBe(255)
    expect(message.expires).toBe(4294967295)
    expect(message.retryAfter).toBe(18000)
    expect(message.minExpires).toBe(60)
    expect(parsed(optionsWith(['Retry-After: 120 (I am in a meeting)'])).retryAfter).toBe(120)
  })
  it('content', () => {
    const message = parsed(optionsWith(['c: Application / SDP ; charset="utf-8"', 'Content-Disposition: session;handling=optional', 'o: dialog;id=1']))
    expect(message.headers.read(contentType)[0]?.essence).toBe('application/sdp')
    expect(message.headers.read(contentType)[0]?.parameters.get('charset')).toBe('utf-8')
    expect(message.headers.read(contentDisposition)[0]?.token).toBe('session')
    expect(message.headers.read(event)[0]?.parameters.get('id')).toBe('1')
  })
  it('authentication fields, one challenge or set of credentials each', () => {
    const message = parsed(optionsWith(['WWW-Authenticate: Digest realm="a, b", nonce=unquoted, qop="auth,auth-int", algorithm=MD5, stale=TRUE', 'WWW-Authenticate: Bearer realm="x"',
      'Authorization: Digest username="bob", uri="sip:a@b;x=1", response="1", nc=00000001, qop=auth']))
    expect(message.headers.read(wwwAuthenticate)).toMatchObject([{ scheme: 'Digest', realm: 'a, b', nonce: 'unquoted', qop: ['auth', 'auth-int'], algorithm: 'MD5', stale: true }, { scheme: 'Bearer', isDigest: false }])
    expect(message.headers.read(authorization)).toMatchObject([{ username: 'bob', uri: 'sip:a@b;x=1', nc: '00000001', qop: 'auth' }])
  })
  it('are kept until the field changes', () => {
    const message = parsed(optionsWith())
    const { via } = message
    expect(message.via).toBe(via)
    message.headers.replaceFirst('Via', 'SIP/2.0/TCP other')
    expect(message.via.host).toBe('other')
    expect(message.clone().via.host).toBe('other')
  })
})
