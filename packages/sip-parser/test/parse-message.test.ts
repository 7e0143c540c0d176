import { describe, expect, it } from 'vitest'
import { createRequest, createResponse, parseMessage, serializeMessage, SipUri, StreamFramer } from '../src/index.js'

const invite = [
  'INVITE sip:bob@biloxi.com SIP/2.0',
  'Via: SIP/2.0/UDP pc33.atlanta.com:5061;branch=z9hG4bK776asdhds;rport, SIP/2.0/TCP [2001:db8::1];branch=z9hG4bKa',
  'Max-Forwards: 70',
  't: "Bob \\"the\\" Builder" <sip:bob@biloxi.com>',
  'From: Alice <sip:alice@atlanta.com>;tag=1928301774',
  'Call-ID: a84b4c76e66710@pc33.atlanta.com',
  'CSeq: 314159 INVITE',
  'm: <sip:alice@pc33.atlanta.com;transport=tcp>',
  'Subject: I know',
  '  you are there',
  'Content-Type: application/sdp',
  'l: 4',
  '', 'v=0\n',
].join('\r\n')

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('parseMessage', () => {
  it('reads an INVITE', () => {
    const result = parseMessage(invite)
    if (!result.ok) throw result.error
    const message = result.value
    expect(message.kind).toBe('request')
    expect(message.kind === 'request' && message.method).toBe('INVITE')
    expect(message.via).toMatchObject({ transport: 'UDP', host: 'pc33.atlanta.com', port: 5061, branch: 'z9hG4bK776asdhds', rport: '' })
    expect(message.vias).toHaveLength(2)
    expect(message.vias[1]).toMatchObject({ host: '[2001:db8::1]' })
    expect(message.to.displayName).toBe('Bob "the" Builder')
    expect(message.from.tag).toBe('1928301774')
    expect(message.headers.get('subject')).toBe('I know you are there')
    expect(message.contact?.uri).toMatchObject({ transport: 'tcp' })
    expect(text(serializeMessage(message))).toBe(invite)
  })

  it('edits only what is touched', () => {
    const result = parseMessage(invite)
    if (!result.ok) throw result.error
    const { value: message } = result
    message.headers.removeFirst('Via')
    message.headers.prepend('Via', 'SIP/2.0/UDP proxy;branch=z9hG4bKp')
    message.body = new Uint8Array(0)
    const lines = text(serializeMessage(message)).split('\r\n')
    expect(lines[1]).toBe('Via: SIP/2.0/UDP proxy;branch=z9hG4bKp')
    expect(lines[2]).toBe('Via: SIP/2.0/TCP [2001:db8::1];branch=z9hG4bKa')
    expect(lines[12]).toBe('l: 0')
    expect(message.via.host).toBe('proxy')
  })

  it('answers', () => {
    const request = createRequest({ method: 'OPTIONS', requestUri: 'sip:a@b', headers: [['Via', 'SIP/2.0/UDP h;branch=z9hG4bK1'], ['From', '<sip:x@y>;tag=1'], ['To', '<sip:a@b>'], ['Call-ID', 'c'], ['CSeq', '1 OPTIONS']] })
    const response = createResponse(request, { statusCode: 200, toTag: 'zz', body: 'ü', contentType: 'text/plain' })
    expect(response.to.tag).toBe('zz')
    expect(text(serializeMessage(response))).toBe('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:a@b>;tag=zz\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nü')
  })

  it('frames a stream', () => {
    const framer = new StreamFramer()
    const items = framer.push(new TextEncoder().encode(`\r\n\r\n${invite}${invite}\r\n`))
    expect(items.map((item) => item.type)).toEqual(['ping', 'message', 'message', 'pong'])
  })

  it('gives what a 400 needs', () => {
    const result = parseMessage(invite.replace('CSeq: 314159', 'CSeq: 4294967296'))
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error).toMatchObject({ code: 'header-value', header: 'CSeq', statusCode: 400 })
    const request = result.error.request
    expect(request && text(serializeMessage(createResponse(request, { statusCode: 400, toTag: 'x' })))).toContain('CSeq: 4294967296 INVITE')
  })

  it('refuses line breaks when they come in', () => {
    const result = parseMessage(invite)
    if (!result.ok) throw result.error
    expect(() => result.value.headers.set('Subject', 'a\r\nEvil: b')).toThrow('line-break')
    expect(() => SipUri.of({ host: 'a b' })).toThrow()
  })
})
