import { describe, expect, it } from 'vitest'
import { authorization, parseMessage } from '../src/index.js'
import { checkGrammar, strict } from '../src/strict/index.js'
import { bytesOf, optionsWith, parsed, parsedResponse, refusal } from './samples.js'

/** What peers really send: the code that says so, and the text. What `parseMessage` notices itself is in the third column. */
const odd: readonly (readonly [what: string, code: string, text: string, noticed?: string])[] = [
  ['line ends without CR', 'bare-line-feed', optionsWith(['Content-Length: 0']).replaceAll('\r\n', '\n'), 'bare-line-feed'],
  ['no empty line', 'no-empty-line', optionsWith(['Content-Length: 0']).slice(0, -2), 'no-empty-line'],
  ['blanks too many in the start line', 'start-line', optionsWith(['Content-Length: 0'], 'OPTIONS  sip:a@b  SIP/2.0 '), 'start-line-blanks'],
  ['no reason phrase, not even its SP', 'start-line', optionsWith([], 'SIP/2.0 200')],
  ['brackets in the reason phrase', 'start-line', optionsWith([], 'SIP/2.0 200 [ok] <fine>')],
  ['a comma in a display name without quotes', 'header-value', optionsWith(['From: Bell, Alexander <sip:a@b>;tag=1'])],
  ['a URI without scheme in From', 'header-value', optionsWith(['From: alice@atlanta.com;tag=1'])],
  ['blanks inside the brackets', 'header-value', optionsWith(['To: < sip:a@b >'])],
  ['empty parameters', 'header-value', optionsWith(['Via: SIP/2.0/UDP h;;branch=z9hG4bK1;'])],
  ['empty list elements', 'header-value', optionsWith(['Supported: 100rel,,timer'])],
  ['`_` in a host name', 'header-value', optionsWith(['Via: SIP/2.0/UDP my_host;branch=z9hG4bK1'])],
  ['blanks behind a value', 'header-value', optionsWith(['Max-Forwards: 70 \t'])],
  ['octets that are no UTF-8', 'header-value', optionsWith(['Subject: caf\u00e9'])],
  ['a Date in another zone', 'header-value', optionsWith(['Date: Fri, 01 Jan 2010 16:00:00 EST'])],
]

/** Optional fields that cannot be read. */
const broken = ['Contact: "open', 'Expires: soon', 'Route: <', 'Accept: ,;', 'Authorization: Digest', 'Content-Type: ?', 'Retry-After: x', 'Session-Expires: x', 'Replaces: a b', 'Warning: 1812 x', 'Event: ', 'Record-Route: sip:a', 'Content-Disposition: ;', 'RSeq: -1', 'Refer-To: <sip:']

describe('what is tolerated, and refused in strict mode', () => {
  for (const [what, code, text, noticed] of odd) it(what, () => {
    const octets = text.includes('\u00e9') ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : bytesOf(text)
    const message = parsed(octets)
    expect(message.callId).toBe('a84b4c76e66710@pc33.atlanta.com')
    if (noticed !== undefined) expect(message.diagnostics).toMatchObject([{ code: noticed, severity: 'error', section: expect.stringMatching(/^RFC 3261 §7/) as unknown }])
    expect(checkGrammar(octets).filter(({ severity }) => severity === 'error').map((one) => one.code)).toContain(code)
    expect(refusal(octets, { mode: strict })).toMatchObject({ code, statusCode: 400 })
  })
  it.each(broken)('an optional field that cannot be read: %s', (line) => {
    const text = optionsWith([line])
    expect(parsed(text).from.tag).toBe('1928301774')
    expect(checkGrammar(bytesOf(text)).filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'header-value', header: line.slice(0, line.indexOf(':')) }])
    expect(refusal(text, { mode: strict })).toMatchObject({ code: 'header-value', header: line.slice(0, line.indexOf(':')) })
  })
})

describe('what is taken in both modes', () => {
  it('tel: in From, with its parameters', () => {
    for (const from of ['<tel:+1-201-555-0123;ext=5>;tag=1', 'tel:+1-201-555-0123;tag=1']) expect(parsed(optionsWith([`From: ${from}`]), { mode: strict }).from).toMatchObject({ tag: '1', uri: { number: '+1-201-555-0123' } })
  })
  it('several Via values on a line', () => {
    expect(parsed(optionsWith(['Via: SIP/2.0/UDP a;branch=1 , SIP/2.0/TCP b:5;branch=2', 'v: SIP/2.0/TLS c']), { mode: strict }).vias.map(({ sentBy }) => sentBy)).toEqual(['a', 'b:5', 'c'])
  })
  it('digest parameters with and without quotes, whatever the RFC wants', () => {
    for (const [username, qop, nc] of [['"bob"', 'auth', '00000001'], ['bob', '"auth"', '"00000001"']]) {
      const message = parsed(optionsWith([`Authorization: Digest username=${username}, realm="a", qop=${qop}, nc=${nc}`]), { mode: strict })
      expect(message.headers.read(authorization)).toMatchObject([{ username: 'bob', qop: 'auth', nc: '00000001' }])
    }
  })
  it('an empty reason phrase behind its SP', () => {
    expect(parsed(optionsWith([], 'SIP/2.0 200 '), { mode: strict })).toMatchObject({ statusCode: 200, reasonPhrase: '' })
    expect(parsedResponse(optionsWith([], 'SIP/2.0 200 [ok]')).reasonPhrase).toBe('[ok]')
  })
  it('octets behind the body, no Content-Length: said, and no fault of the grammar', () => {
    expect(parsed(optionsWith(['Content-Length: 0'], undefined, 'abc'), { mode: strict }).diagnostics).toMatchObject([{ code: 'trailing-octets', severity: 'warning', section: 'RFC 3261 §18.3' }])
    expect(parsed(optionsWith([], undefined, 'abc'), { mode: strict }).diagnostics).toMatchObject([{ code: 'no-content-length', severity: 'note' }])
  })
})

describe('what is refused in both modes', () => {
  const twice = ['Content-Length: 0', 'Call-ID: a84b4c76e66710@pc33.atlanta.com', 'From: <sip:a@b>;tag=1', 'To: <sip:a@b>', 'CSeq: 314159 OPTIONS', 'Max-Forwards: 70']
  const cases: readonly (readonly [what: string, code: string, line: string])[] = [
    ...twice.map((line) => [`${line} twice`, 'duplicate-header', `${line}\r\n${line}`] as const),
    ...twice.map((line) => [`${line} and another`, 'duplicate-header', `${line}\r\n${line.replace(/\d|a(?=@b)/, '9')}`] as const),
    ...['10, 20', '+5', '-5', '0x5', '5;x', '5 5', ''].map((value) => [`Content-Length: ${value}`, 'content-length', `Content-Length: ${value}`] as const),
    ...[2 ** 32, 2 ** 32 + 5].map((value) => [`Content-Length: ${value}`, 'too-large', `Content-Length: ${value}`] as const),
    ['a control character before the colon', 'control-character', 'Contact\u0001: <sip:a@b>'],
    ['CR alone', 'control-character', 'Subject: a\rContact: <sip:evil@b>'],
    ['a line that is no header field', 'header-line', 'Content Length: 0'],
  ]
  it.each(cases)('%s', (_, code, line) => {
    for (const mode of ['tolerant', strict] as const) {
      const result = parseMessage(optionsWith([line], undefined, '12345'), { mode })
      expect(result).toMatchObject({ ok: false, error: { code } })
    }
  })
})
