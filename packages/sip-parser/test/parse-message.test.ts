import { describe, expect, it } from 'vitest'
import { createResponse, parseMessage, serializeMessage } from '../src/index.js'
import { bytesOf, optionsWith, parsed, parsedRequest, parsedResponse, refusal, textOf } from './samples.js'

describe('RFC 3261 §7.1, §7.2 start lines', () => {
  it.each([
    ['OPTIONS sip:a@b SIP/2.0', 'sip:a@b'],
    ['OPTIONS sip:a@b sip/2.0', 'sip:a@b'],
    ['OPTIONS tel:+1-201-555-0123 SIP/2.0', 'tel:+1-201-555-0123'],
    ['OPTIONS isbn:2983792873 SIP/2.0', 'isbn:2983792873'],
  ])('%s', (line, uri) => {
    const message = parsedRequest(optionsWith([], line))
    expect(message).toMatchObject({ kind: 'request', method: 'OPTIONS' })
    expect(message.requestUri.toString()).toBe(uri)
  })
  it.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['SIP/2.0 200', 200, ''],
    ['SIP/2.0 200 ', 200, ''],
    ['SIP/2.0 699 [odd] reason: with "marks"', 699, '[odd] reason: with "marks"'],
    ['SIP/2.0 180 Es läutet', 180, 'Es läutet'],
  ])('%s', (line, statusCode, reasonPhrase) => {
    expect(parsedResponse(optionsWith([], line))).toMatchObject({ kind: 'response', statusCode, reasonPhrase })
  })
  it.each([
    ['OPTIONS sip:a@b SIP/3.0', 'version', 505],
    ['OPTIONS sip:a@b SIP/2.00', 'version', 505],
    ['SIP/1.0 200 OK', 'version', 505],
    ['GET / HTTP/1.1', 'start-line', 400],
    ['OPTIONS sip:a@b', 'start-line', 400],
    ['OPTIONS', 'start-line', 400],
    ['OPT(IONS sip:a@b SIP/2.0', 'start-line', 400],
    ['OPTIONS sip:a@b?Subject=x SIP/2.0', 'uri', 400],
    ['OPTIONS <sip:a@b> SIP/2.0', 'uri', 400],
    ['OPTIONS sip:a@b;x y SIP/2.0', 'uri', 400],
    ['SIP/2.0 99 Low', 'start-line', 400],
    ['SIP/2.0 700 High', 'start-line', 400],
    ['SIP/2.0 2000 Long', 'start-line', 400],
    ['SIP/2.0 2e2 Hm', 'start-line', 400],
    ['SIP/2.0 +20 Hm', 'start-line', 400],
    ['SIP/2.0', 'start-line', 400],
  ])('refuses %s', (line, code, statusCode) => {
    expect(refusal(optionsWith([], line))).toMatchObject({ code, statusCode })
  })
  it('forgives blanks too many and does not pass them on', () => {
    const message = parsed(optionsWith([], 'OPTIONS  sip:a@b   SIP/2.0 '))
    expect(message.diagnostics).toMatchObject([{ code: 'no-content-length' }, { code: 'start-line-blanks', offset: 0 }])
    expect(textOf(serializeMessage(message))).toMatch(/^OPTIONS sip:a@b SIP\/2.0\r\n/)
  })
  it('§7.5: ignores line ends before the start line', () => {
    expect(parsed(`\r\n\r\n${optionsWith()}`).callId).toBe('a84b4c76e66710@pc33.atlanta.com')
    expect(refusal('\r\n\r\n').code).toBe('empty')
    expect(refusal('').code).toBe('empty')
  })
})

describe('RFC 3261 §7.3.1 header fields', () => {
  it('IANA compact forms equal the long names', () => {
    const forms = { a: 'Accept-Contact', b: 'Referred-By', c: 'Content-Type', d: 'Request-Disposition', e: 'Content-Encoding', f: 'From', i: 'Call-ID',
      j: 'Reject-Contact', k: 'Supported', l: 'Content-Length', m: 'Contact', n: 'Identity-Info', o: 'Event', r: 'Refer-To', s: 'Subject', t: 'To',
      u: 'Allow-Events', v: 'Via', x: 'Session-Expires', y: 'Identity' }
    for (const [compact, name] of Object.entries(forms)) {
      const before = parsed(optionsWith()).headers.count(name)
      const { headers } = parsed(optionsWith())
      headers.append(compact, '1')
      expect(headers.getAll(name), name).toHaveLength(before + 1)
      expect(headers.getAll(compact.toUpperCase()), compact).toHaveLength(before + 1)
    }
  })
  it('a whole message in compact form', () => {
    const message = parsed(['OPTIONS sip:a@b SIP/2.0', 'v: SIP/2.0/UDP h', 'f: <sip:x@y>;tag=1', 't: <sip:a@b>', 'i: c', 'CSEQ: 1 OPTIONS', 'l: 0', '', ''].join('\r\n'))
    expect(message.via.host).toBe('h')
    expect(message.from.tag).toBe('1')
    expect(message.contentLength).toBe(0)
  })
  it('names without case, blanks before the colon', () => {
    const message = parsed(optionsWith(['CALL-id \t : x', 'sUbJeCt\t:\t Hello \t']))
    expect(message.callId).toBe('x')
    expect(message.headers.get('Subject')).toBe('Hello')
    message.headers.delete('subject')
    expect(message.headers.has('Subject')).toBe(false)
  })
  it('folding', () => {
    const message = parsed(optionsWith(['Subject: I know\r\n you\'re\r\n\t  there', 'To:\r\n "Bob\r\n  B" <sip:b@c>\r\n ;tag=1']))
    expect(message.headers.get('subject')).toBe("I know you're there")
    expect(message.to).toMatchObject({ displayName: 'Bob B', tag: '1' })
    expect(textOf(serializeMessage(message))).toContain("Subject: I know\r\n you're\r\n\t  there\r\n")
  })
  it('order, case, duplicates and unknown fields survive', () => {
    const text = optionsWith(['X-b: 1', 'x-A: 2', 'X-b: 3', 'warning: 399 h "x"', 'Content-Length: 0'])
    expect(textOf(serializeMessage(parsed(text)))).toBe(text)
    expect(parsed(text).headers.getAll('x-B')).toEqual(['1', '3'])
    expect([...parsed(text).headers].map(([name]) => name)).toEqual(['Via', 'Max-Forwards', 'To', 'From', 'Call-ID', 'CSeq', 'X-b', 'x-A', 'X-b', 'warning', 'Content-Length'])
  })
  it('a bare LF ends a line, and is written as CRLF', () => {
    const text = optionsWith(['Subject: a\r\n b', 'Content-Length: 2'], undefined, 'x\n')
    const message = parsed(text.replaceAll('\r\n', '\n'))
    expect(message.diagnostics).toMatchObject([{ code: 'bare-line-feed' }])
    expect(textOf(serializeMessage(message))).toBe(text)
  })
  it('an empty value', () => {
    const message = parsed(optionsWith(['Supported:', 'Subject: ', 'Contact:']))
    expect(message.headers.get('Subject')).toBe('')
    expect(message.supported).toEqual([])
    expect(message.contacts).toEqual([])
  })
  it.each([
    ['no colon', 'Subject hello', 'header-line'],
    ['no name', ': hello', 'header-line'],
    ['a blank in the name', 'Sub ject: hello', 'header-line'],
    ['a control character before the colon', 'Contact\u0001: <sip:a@b>', 'control-character'],
    ['a vertical tab before the colon', 'Contact\u000b: <sip:a@b>', 'control-character'],
    ['NUL in a value', 'Subject: a\0b', 'control-character'],
    ['CR in a value', 'Subject: a\rContact: <sip:evil@b>', 'control-character'],
    ['CR before CRLF', 'Subject: a\r', 'control-character'],
  ])('refuses %s', (_, line, code) => {
    expect(refusal(optionsWith([line]))).toMatchObject({ code, statusCode: 400 })
  })
  it('takes octets that are not UTF-8 as Latin-1, and writes them back', () => {
    const text = optionsWith(['Subject: caf\u00e9', 'Content-Length: 0'])
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const message = parsed(bytes)
    expect(message.headers.get('Subject')).toBe('caf\u00e9')
    expect(serializeMessage(message)).toEqual(bytes)
    expect(parsed(Buffer.from(bytes)).headers.get('Subject')).toBe('caf\u00e9')
  })
  it('UTF-8 in, UTF-8 out, from text, bytes and Buffer', () => {
    const text = optionsWith(['From: "Ælfrïc 大停電" <sip:a@b>;tag=1', 'Subject: 🐟', 'Content-Length: 5'], undefined, '大ü')
    for (const input of [text, bytesOf(text), Buffer.from(text)]) {
      const message = parsed(input)
      expect(message.from.displayName).toBe('Ælfrïc 大停電')
      expect(message.headers.get('subject')).toBe('🐟')
      expect(textOf(message.body)).toBe('大ü')
      expect(textOf(serializeMessage(message))).toBe(text)
      message.headers.set('From', message.from.toString())
      expect(textOf(serializeMessage(message))).toBe(text)
    }
  })
})

describe('what must be there once (RFC 3261 §8.1.1)', () => {
  it.each(['Via', 'To', 'From', 'Call-ID', 'CSeq'])('%s is needed', (header) => {
    const text = optionsWith().split('\r\n').filter((line) => !line.startsWith(header)).join('\r\n')
    expect(refusal(text)).toMatchObject({ code: 'missing-header', header, request: undefined })
    expect(refusal(optionsWith([`${header}:`]))).toMatchObject({ header })
  })
  it.each(['To: <sip:a@b>', 'From: <sip:a@b>', 'Call-ID: a', 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0'])('%s twice is refused, though equal', (line) => {
    const error = refusal(optionsWith([line, line]))
    expect(error).toMatchObject({ code: 'duplicate-header', header: line.split(':')[0], section: 'RFC 3261 §7.3.1' })
    expect(error.request).toBeDefined()
  })
  it.each([
    ['Via: SIP/2.0/UDP', 'Via', 'RFC 3261 §20.42'], ['Via: h', 'Via', 'RFC 3261 §20.42'], ['Via: SIP/2.0/UDP h:0', 'Via', 'RFC 3261 §20.42'],
    ['Via: SIP/2.0/UDP h, SIP/2.0/UDP', 'Via', 'RFC 3261 §20.42'],
    ['From: "x <sip:a@b>', 'From', 'RFC 3261 §20.20'], ['To: <sip:a@b', 'To', 'RFC 3261 §20.39'], ['To: <sip:a@b:70000>', 'To', 'RFC 3261 §20.39'],
    ['To: <sip:a@b> x', 'To', 'RFC 3261 §20.39'],
    ['CSeq: OPTIONS', 'CSeq', 'RFC 3261 §20.16'], ['CSeq: 1OPTIONS', 'CSeq', 'RFC 3261 §20.16'], ['CSeq: -1 OPTIONS', 'CSeq', 'RFC 3261 §20.16'],
    ['CSeq: 2147483648 OPTIONS', 'CSeq', 'RFC 3261 §20.16'], ['CSeq: 4294967297 OPTIONS', 'CSeq', 'RFC 3261 §20.16'],
  ])('%s is refused', (line, header, section) => {
    const error = refusal(optionsWith([line]))
    expect(error).toMatchObject({ header, section, statusCode: 400 })
    expect(error.offset).toBeGreaterThanOrEqual(optionsWith([line]).indexOf(`\r\n${line}`))
  })
  it('§8.1.1.5: CSeq goes to 2^31-1 and has the method of the request', () => {
    expect(parsed(optionsWith(['CSeq: 2147483647   OPTIONS'])).cseq.sequence).toBe(2147483647)
    expect(refusal(optionsWith(['CSeq: 1 INVITE'])).code).toBe('method-mismatch')
    expect(parsedResponse(optionsWith(['CSeq: 1 INVITE'], 'SIP/2.0 200 OK')).cseq.method).toBe('INVITE')
  })
  it('a From or To without scheme names nobody to send to, so it will do', () => {
    const message = parsed(optionsWith(['From: Anonymous <anonymous@example.com>;tag=1', 'To: bob']))
    expect(message.from.uri).toMatchObject({ scheme: '', opaque: 'anonymous@example.com' })
    expect(message.from.toString()).toBe('"Anonymous" <anonymous@example.com>;tag=1')
    expect(message.to.uri.toString()).toBe('bob')
  })
})

describe('bodies (RFC 3261 §18.3, §20.14)', () => {
  it('a datagram: the rest is cut off, or is the body when no size is given', () => {
    expect(textOf(parsed(optionsWith(['Content-Length: 3'], undefined, 'abcdef')).body)).toBe('abc')
    expect(textOf(parsed(optionsWith([], undefined, 'abcdef')).body)).toBe('abcdef')
    expect(refusal(optionsWith(['Content-Length: 7'], undefined, 'abcdef')).code).toBe('body-length')
  })
  it('a stream: exactly the announced size, none when absent', () => {
    expect(textOf(parsed(optionsWith(['Content-Length: 6'], undefined, 'abcdef'), { framing: 'stream' }).body)).toBe('abcdef')
    expect(parsed(optionsWith(), { framing: 'stream' }).body).toHaveLength(0)
    for (const length of [5, 7]) expect(refusal(optionsWith([`Content-Length: ${length}`], undefined, 'abcdef'), { framing: 'stream' }).code).toBe('body-length')
    expect(refusal(optionsWith([], undefined, 'abcdef'), { framing: 'stream' }).code).toBe('body-length')
  })
  it('leading zeros are digits', () => {
    expect(parsed(optionsWith(['Content-Length: 0006'], undefined, 'abcdef')).contentLength).toBe(6)
  })
  it('a message without the empty line', () => {
    const text = optionsWith(['Content-Length: 0'])
    expect(parsed(text.slice(0, -2)).diagnostics).toMatchObject([{ code: 'no-empty-line' }])
    expect(textOf(serializeMessage(parsed(text.slice(0, -2))))).toBe(text)
    expect(refusal(text.slice(0, -5)).code).toBe('header-line')
  })
})

describe('ParseError.request', () => {
  const answer = (input: string): string => {
    const { request, statusCode } = refusal(input)
    if (request === undefined) return 'none'
    return textOf(serializeMessage(createResponse(request, { statusCode, toTag: 'mine' })))
  }
  it('holds what a 400 needs', () => {
    expect(answer(optionsWith(['Content-Length: +5', 'Timestamp: 54']))).toBe([
      'SIP/2.0 400 Bad Request', 'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds', 'To: Bob <sip:bob@biloxi.com>;tag=mine',
      'From: Alice <sip:alice@atlanta.com>;tag=1928301774', 'Call-ID: a84b4c76e66710@pc33.atlanta.com', 'CSeq: 314159 OPTIONS', 'Content-Length: 0', '', ''].join('\r\n'))
  })
  it('takes the first of two, and fields that cannot be read as they are', () => {
    const text = answer(optionsWith(['To: <sip:one@b>', 'To: <sip:two@b>', 'From: "open <sip:x@y>', 'CSeq: x y z']))
    expect(text).toContain('To: <sip:one@b>;tag=mine\r\n')
    expect(text).not.toContain('two')
    expect(text).toContain('From: "open <sip:x@y>\r\n')
    expect(text).toContain('CSeq: x y z\r\n')
  })
  it('leaves a To alone that may have a tag already', () => {
    expect(answer(optionsWith(['To: "open <sip:x@y>;tag=1']))).toContain('To: "open <sip:x@y>;tag=1\r\n')
  })
  it('is not there when nobody can be answered', () => {
    expect(refusal(optionsWith(['CSeq: 1 ACK', 'Content-Length: x'], 'ACK sip:a@b SIP/2.0')).request).toBeUndefined()
    expect(refusal(optionsWith(['Content-Length: x'], 'SIP/2.0 200 OK')).request).toBeUndefined()
    expect(refusal(optionsWith(['Via: nonsense', 'Content-Length: x'])).request).toBeUndefined()
    expect(refusal(optionsWith(['Subject: a\rb'])).request).toBeUndefined()
    expect(refusal('hello').request).toBeUndefined()
  })
  it('a second Via that cannot be read does not matter for the way back', () => {
    const { request } = refusal(optionsWith(['Via: SIP/2.0/UDP h;branch=1, ;;']))
    expect(request?.via).toMatchObject({ host: 'h', branch: '1' })
  })
})

describe('limits', () => {
  it.each([
    ['maxMessageBytes', 100, 'too-large', 513], ['maxHeaderBytes', 100, 'too-large', 513], ['maxHeaderFields', 5, 'too-many-fields', 513], ['maxBodyBytes', 3, 'too-large', 513],
  ] as const)('%s', (limit, value, code, statusCode) => {
    expect(refusal(optionsWith(['Content-Length: 4'], undefined, 'abcd'), { limits: { [limit]: value } })).toMatchObject({ code, statusCode })
  })
  it('hold exactly', () => {
    const text = optionsWith(['Content-Length: 4'], undefined, 'abcd')
    expect(parseMessage(text, { limits: { maxMessageBytes: text.length, maxHeaderFields: 7, maxBodyBytes: 4, maxHeaderBytes: text.length - 6 } }).ok).toBe(true)
    expect(parseMessage(text, { limits: { maxMessageBytes: text.length - 1 } }).ok).toBe(false)
    expect(parseMessage(text, { limits: { maxHeaderFields: 6 } }).ok).toBe(false)
  })
})
