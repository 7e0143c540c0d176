import { describe, expect, it } from 'vitest'
import * as fields from '../../src/fields/index.js'
import { headerFields, headerValue } from '../../src/fields/index.js'
import { BuildError, type HeaderField, HeaderFields, NameAddr, ParseError } from '../../src/index.js'
import { uriOf } from './examples.js'

function read<T>(field: HeaderField<T>, text: string): readonly T[] {
  const headers = new HeaderFields([])
  headers.set(field.name, text)
  return headers.read(field)
}
function fault(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

/** What each field refuses, by name; the fields of plain text refuse nothing. */
const refused: Readonly<Record<string, readonly string[]>> = {
  'Accept': ['text', 'text/', '/x', 'a b/c', 'text/x y'], 'Accept-Contact': [';audio', '* audio', '"*"'], 'Accept-Encoding': ['gzip x', ';q=1', '"gzip'], 'Accept-Language': ['en gb', ';'],
  'Accept-Resource-Priority': ['dsn', 'dsn.', '.flash', 'a.b.c', 'dsn flash'], 'Alert-Info': ['<>', '<x', 'nothing', '<sip:a@h> x'], 'Allow': ['IN VITE', 'INVITE; x', '"INVITE', '<INVITE>'],
  'Allow-Events': ['a b', 'a;b'], 'Answer-Mode': ['', ';require', 'Auto Manual', '=x'], 'Authentication-Info': ['', ',', '=x'], 'Authorization': ['', 'Digest"x"', '=x', '"Digest"'], 'Call-ID': ['', 'a b', 'a\tb'],
  'Call-Info': ['icon', '<>;purpose=icon', '<http://x'], 'Contact': ['<sip:a@h', '**', '* , <sip:a@h>', '<sip:a@h>, *', 'nobody'], 'Content-Disposition': ['', ';x', 'a b', 'a/b'], 'Content-Encoding': ['gz ip', '"'],
  'Content-ID': ['', '<a>', 'a', '<a@b@c>', '<a b@c>', '<>', '<@>'], 'Content-Language': ['f r', 'fr;x'], 'Content-Length': ['', '-1', '+1', '1.0', '0x10', '1, 2', '１', '1 2'], 'Content-Type': ['', 'text', 'text/', 'a/b c'],
  'CSeq': ['', '1', 'INVITE', '1INVITE', '-1 INVITE', '2147483648 INVITE', '1 IN VITE'],
  'Date': ['', 'now', 'Sat, 13 Nov 2010', 'Sat, 32 Nov 2010 23:29:00 GMT', 'Sat, 31 Nov 2010 23:29:00 GMT', 'Mon, 29 Feb 2021 00:00:00 GMT', 'Mon, 29 Feb 1900 00:00:00 GMT', 'Sat, 0 Nov 2010 23:29:00 GMT', 'Sat, 13 Anu 2010 23:29:00 GMT',
    'Sat, 13 Nov 2010 24:00:00 GMT', 'Sat, 13 Nov 2010 23:60:00 GMT', 'Sat, 13 Nov 2010 23:29:60 GMT', 'Sat, 13 Nov 2010 23:29:00 EST', 'Sat, 13 Nov 10 23:29:00 GMT'],
  'Diversion': ['nobody', '<>'], 'Error-Info': ['x', '<>'], 'Event': ['', ';id=1', 'a b', 'a/b'], 'Expires': ['', '-1', '1.5', 'never', '1 2', ';x'], 'Feature-Caps': ['+sip.x y', ';x'], 'Flow-Timer': ['', '-1', '1.5', '4294967296', '99999999999', '1;x'],
  'From': ['', '<sip:a@h', '<>', '"a'], 'Geolocation': ['here', '<>'], 'Geolocation-Error': ['', 'x', '-1', ';code="x"', '1 2'], 'Geolocation-Routing': ['', 'yes no', ';x'], 'History-Info': ['<>;index=1', ';index=1'],
  'Identity': ['', '"', '""', '" a"', '<x>', 'a"', 'a;info=<x>y', 'a;info=<x>;info=<y>', ';info=<https://x>', 'a,b'], 'Identity-Info': ['', '<>', 'x;alg=y'], 'In-Reply-To': ['a b'], 'Info-Package': ['', ';x', 'a b'], 'Join': ['', ';to-tag=1', 'a b;to-tag=1'],
  'Max-Breadth': ['', '-1', 'x', '4294967296'], 'Max-Forwards': ['', '-1', 'x', '7 0', '+7', '7;x'], 'MIME-Version': ['', '1', '1.', '.0', '1.0.0', 'x'], 'Min-Expires': ['', '-1', 'x'], 'Min-SE': ['', '-1', 'x', '9 0', '9,x'],
  'P-Access-Network-Info': ['a b', ';x'], 'P-Answer-State': ['', ';x', 'a b'], 'P-Asserted-Identity': ['nobody', '<>'], 'P-Asserted-Service': ['x', '<>'], 'P-Associated-URI': ['nobody'], 'P-Called-Party-ID': ['', 'nobody', '<>'],
  'P-Charge-Info': ['', 'nobody', '<>'], 'P-Charging-Function-Addresses': [';', '=x'], 'P-Charging-Vector': ['', ';', 'orig-ioi=x', 'icid-value', 'icid-value='], 'P-DCS-Billing-Info': ['', ';x', 'a b', '"a"'], 'P-DCS-LAES': ['', ';x', 'a b'],
  'P-DCS-OSPS': ['', 'a b', 'a;b'], 'P-DCS-Redirect': ['', ';x', '"x', 'a b'], 'P-DCS-Trace-Party-ID': ['', 'nobody'], 'P-Early-Media': ['a b', 'a;b'], 'P-Media-Authorization': ['xyz', '0 0', '0x1'],
  'P-Preferred-Identity': ['nobody', '<>'], 'P-Preferred-Service': ['x', '<>'], 'P-Private-Network-Indication': ['', ';x', 'a b'], 'P-Profile-Key': ['', 'nobody'], 'P-Refused-URI-List': ['nobody'], 'P-Served-User': ['', 'nobody'],
  'P-User-Database': ['', 'x', '<>'], 'P-Visited-Network-ID': ['a b', ';x', '"x'], 'Path': ['nobody', '<>'], 'Permission-Missing': ['nobody'], 'Policy-Contact': ['x', '<>'], 'Policy-ID': ['x', '<>'], 'Priority': ['', 'a b', 'a;b'],
  'Priv-Answer-Mode': ['', ';x'], 'Privacy': ['', ';', 'id;', 'a b', 'a;;b', '"id"'], 'Proxy-Authenticate': ['', '=x'], 'Proxy-Authorization': ['', '=x'], 'Proxy-Require': ['a b', 'a;b'],
  'RAck': ['', '1', '1 2', '1 2 3 4', '-1 2 INVITE', '1 INVITE 2 x', 'x 1 INVITE', '12345678901 1 INVITE'], 'Reason': [';cause=200', 'SIP 200', '"SIP"'], 'Record-Route': ['nobody', '<>'], 'Recv-Info': ['a b', ';x'], 'Refer-Events-At': ['', 'x', '<>'],
  'Refer-Sub': ['', ';x', 'true false'], 'Refer-To': ['', 'nobody', '<>'], 'Referred-By': ['', 'nobody', '<>'], 'Reject-Contact': [';audio', '* audio'], 'Replaces': ['', ';to-tag=1', 'a b;to-tag=1'], 'Reply-To': ['', 'nobody', '<>'],
  'Request-Disposition': ['a b', 'a;b'], 'Require': ['a b', 'a;b'], 'Resource-Priority': ['dsn', 'dsn.', '.flash'], 'Retry-After': ['', '-1', 'x', '1 (a', '1 a', '1 (a) b', '(a) 1', '1 a)', '1 (a) (b)'], 'Route': ['nobody', '<>'],
  'RSeq': ['', '-1', 'x', '4294967296', '1.5'], 'Security-Client': [';q=1', 'a b'], 'Security-Server': [';q=1', 'a b'], 'Security-Verify': [';q=1', 'a b'], 'Service-Route': ['nobody', '<>'], 'Session-Expires': ['', '-1', 'x', '90 uac', ';refresher=uac'],
  'Session-ID': ['', 'ab', `${'0'.repeat(31)}g`, '0'.repeat(33), ';remote=x'], 'SIP-ETag': ['', 'a b', 'a;b'], 'SIP-If-Match': ['', 'a b'], 'Subscription-State': ['', ';expires=1', 'a b'], 'Supported': ['a b', 'a;b'], 'Suppress-If-Match': ['', 'a b'],
  'Target-Dialog': ['', ';local-tag=1'], 'Timestamp': ['', '.5', 'x', '-1', '1 2 3', '1e5', '1 x'], 'To': ['', '<sip:a@h', '<>', '"a'], 'Trigger-Consent': ['x', '<>'], 'Unsupported': ['a b', 'a;b'], 'User-to-User': ['a b', ';encoding=hex', '"x'],
  'Via': ['SIP/2.0/UDP', 'SIP/2.0 h', 'h', 'SIP/2.0/UDP h:0'], 'Warning': ['307', '307 isi.edu', '30 isi.edu "x"', 'x isi.edu "x"', '3071 isi.edu "x"', '307 "x" "y"'], 'WWW-Authenticate': ['', '=x'],
}

describe('bad input', () => {
  const readsAnything = new Set(['Organization', 'Server', 'Subject', 'User-Agent', ...headerFields.filter(({ section }) => section.startsWith('3GPP')).map(({ name }) => name)])
  it.each(headerFields.map((field) => [field.name, field] as const))('%s is refused with a code and its section, not with a crash', (name, field) => {
    if (readsAnything.has(name)) return
    const texts = refused[name] ?? []
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      const error = fault(() => read(field, text))
      expect(`${text} → ${String(error)}`).toMatch(/ParseError/)
      expect(['header-value', 'uri']).toContain((error as ParseError).code)
      expect(error).toMatchObject({ name: 'ParseError', statusCode: 400, section: field.section })
    }
  })
  it('a comma list may be empty, a single value may not', () => {
    for (const field of headerFields) {
      const outcome = fault(() => expect(read(field, '')).toEqual(field.comma === true ? [] : expect.anything()))
      if (field.comma !== true && !readsAnything.has(field.name)) expect(`${field.name}: ${String(outcome)}`).toMatch(/ParseError/)
    }
    expect(read(fields.allow, ' , INVITE,, ACK ,')).toEqual(['INVITE', 'ACK'])
  })
})

describe('tolerant reading', () => {
  it('numbers, dates, texts as peers write them', () => {
    expect(read(fields.expires, '99999999999999')).toEqual([0xffff_ffff])
    expect(read(fields.expires, '60;x=y')).toEqual([60])
    expect(read(fields.maxForwards, '300')).toEqual([255])
    expect(read(fields.sessionExpires, '1800 ; Refresher = UAS')[0]?.refresher).toBe('uas')
    expect(read(fields.sessionExpires, '1800;refresher=other')[0]?.refresher).toBeUndefined()
    for (const text of ['Sat, 13 Nov 2010 23:29:00 GMT', 'sat 13 nov 2010 23:29:00 gmt', '13 Nov 2010 23:29:00', 'Saturday, 13-Nov-2010 23:29:00 UTC', 'Wed, 13 Nov 2010 23:29:00 +0000']) expect(read(fields.date, text)[0]?.epochSeconds).toBe(1289690940)
    expect(read(fields.timestamp, '54. .5')[0]).toMatchObject({ time: 54, delay: 0.5 })
    expect(read(fields.timestamp, '54 .')[0]).toMatchObject({ delay: 0 })
    expect(String(read(fields.timestamp, '54.10  1.20')[0])).toBe('54.10  1.20')
    expect(read(fields.mimeVersion, '1.0 (produced by (me))')).toEqual(['1.0'])
    expect(read(fields.priority, '"urgent"')).toEqual(['urgent'])
  })
  it('parameters with blanks, case, quotes; what cannot be read is undefined', () => {
    expect(read(fields.reason, 'Q.850;CAUSE = "16" ;text=Terminated')[0]).toMatchObject({ cause: 16, text: 'Terminated' })
    expect(read(fields.reason, 'SIP;cause=x')[0]?.cause).toBeUndefined()
    expect(read(fields.warning, '399 h:5060 unquoted, 399 [::1]:5060"close"')).toMatchObject([{ agent: 'h:5060', text: 'unquoted' }, { agent: '[::1]:5060', text: 'close' }])
    expect(read(fields.privacy, 'ID , Header')[0]?.has('Id')).toBe(true)
    expect(read(fields.contentId, 'a@b')).toEqual(['<a@b>'])
    expect(read(fields.retryAfter, '60 (a (nested\\) one) b);duration=x')[0]).toMatchObject({ seconds: 60, comment: 'a (nested) one) b', duration: undefined })
    expect(read(fields.sessionId, `${'AB'.repeat(16)};remote=x`)[0]).toMatchObject({ local: 'ab'.repeat(16), remote: undefined })
    expect(read(fields.securityServer, 'tls;q=2')[0]?.preference).toBeUndefined()
    expect(read(fields.historyInfo, '<sip:a@h>;index=1..2;rc=1')[0]).toMatchObject({ index: undefined, target: ['rc', '1'] })
    expect(read(fields.identity, 'abc \t def;info=<https://x>').map(String)).toEqual(['abcdef;info=<https://x>'])
    expect(read(fields.identity, '"abc def="').map(String)).toEqual(['"abcdef="'])
    expect(read(fields.identity, 'abc ; INFO = <https://x> ; alg=ES256')[0]).toMatchObject({ digest: 'abc', info: 'https://x', alg: 'ES256' })
    expect(read(fields.identity, 'abc;alg=ES256;info=<https://x>').map(String)).toEqual(['abc;info=<https://x>;alg=ES256'])
    expect(read(fields.authenticationInfo, 'rspauth="ab", qop=auth-int, nc=00000001, cnonce=x')[0]).toMatchObject({ responseAuth: 'ab', qop: 'auth-int', nc: '00000001', cnonce: 'x' })
    expect(read(fields.userToUser, '"gr\\"üße";encoding=x')[0]?.text).toBe('gr"üße')
    expect(read(fields.pChargingVector, 'icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=";transit-ioi="a.1, void"')[0]).toMatchObject({ icid: 'AyretyU0dm+6O2IrT5tAFrbHLso=', transitIoi: 'a.1, void' })
    expect(read(fields.contact, ' * ')).toEqual(['*'])
  })
})

/** Every builder with a text to put in at one place. */
const builders: readonly ((text: string) => unknown)[] = [
  ...headerFields.map((field) => (text: string) => headerValue(field, text)),
  (text) => headerValue<unknown>(fields.to, { toString: () => `<sip:a@h>;x=${text}` }),
  (text) => fields.TextValue.of(text), (text) => fields.TextValue.of('a', [['b', text]]), (text) => fields.WordValue.of(text), (text) => fields.WordValue.of('a', [['b', text]]),
  (text) => fields.NumberValue.of(1, [['b', text]]), (text) => fields.ParameterSet.of([['b', text]]), (text) => fields.ParameterSet.of([[text, 'b']]),
  (text) => fields.UriValue.of(uriOf('sip:h'), [['b', text]]), (text) => fields.UriValue.bare(uriOf('sip:h'), [[text, 'b']]),
  (text) => fields.AuthenticationInfo.of([['nextnonce', text]]), (text) => fields.AuthenticationInfo.of([['qop', text]]), (text) => fields.RAck.of(1, 1, text),
  (text) => fields.Reason.of(text), (text) => fields.Reason.of('SIP', { text }), (text) => fields.Reason.of('SIP', { parameters: [['x', text]] }),
  (text) => fields.SubscriptionState.of(text), (text) => fields.SubscriptionState.of('active', { reason: text }), (text) => fields.RetryAfter.of(1, { comment: text }),
  (text) => fields.Warning.of(300, text, 'x'), (text) => fields.Warning.of(300, 'x', text), (text) => fields.ResourceValue.of(text, 'x'), (text) => fields.ResourceValue.of('x', text), (text) => fields.Privacy.of('id', text),
  (text) => fields.SessionId.of(text), (text) => fields.SessionId.of(fields.SessionId.nil, text), (text) => fields.SessionExpires.of(1, text as 'uac'),
  (text) => fields.Replaces.of(text, { toTag: 'a', fromTag: 'b' }), (text) => fields.Replaces.of('x', { toTag: text, fromTag: 'b' }), (text) => fields.Join.of('x', { toTag: 'a', fromTag: text }), (text) => fields.TargetDialog.of('x', { localTag: text, remoteTag: 'b' }),
  (text) => fields.HistoryEntry.of({ uri: uriOf('sip:h'), displayName: text }, { index: '1' }), (text) => fields.HistoryEntry.of({ uri: uriOf('sip:h') }, { index: text }), (text) => fields.HistoryEntry.of({ uri: uriOf('sip:h') }, { index: '1', target: ['rc', text] }),
  (text) => fields.Identity.of({ digest: text, info: 'https://x' }), (text) => fields.Identity.of({ digest: 'x', info: text }), (text) => fields.Identity.of({ digest: 'x', info: 'https://x', alg: text }), (text) => fields.Identity.of({ digest: 'x', info: 'https://x', ppt: text }),
  (text) => fields.ChargingVector.of({ icid: text }), (text) => fields.ChargingVector.of({ icid: 'x', generatedAt: text }), (text) => fields.ChargingVector.of({ icid: 'x', transitIoi: text }),
  (text) => fields.SecurityMechanism.of(text), (text) => fields.SecurityMechanism.of('tls', { parameters: [['d-alg', text]] }),
  (text) => fields.outboundContact(NameAddr.of({ uri: uriOf('sip:h') }), text, 1),
]

/** Those the core has as well: they look for CR, LF and NUL, other control characters may stand in a quoted string that peers read. */
const coreBuilders: readonly ((text: string) => unknown)[] = [
  (text) => fields.TokenValue.of(text), (text) => fields.TokenValue.of('a', [['b', text]]), (text) => fields.TokenValue.of('a', [[text, 'b']]),
  (text) => fields.MediaType.of(text, 'b'), (text) => fields.MediaType.of('a', text), (text) => fields.MediaType.of('a', 'b', [['c', text]]),
]

describe('injection: no builder brings CR, LF, NUL or another control character into a message', () => {
  it.each(['a\r\nX: y', 'a\rb', 'a\nb', 'a\0b', '\r\n', 'a\r\n b', 'a\u0001b', 'a\u007fb'])('%j', (text) => {
    for (const build of /[\r\n\0]/.test(text) ? [...builders, ...coreBuilders] : builders) expect(`${build.toString()} → ${String(fault(() => build(text)))}`).toMatch(/→ BuildError/)
  })
})

describe('strict writing', () => {
  const refuses = (build: () => unknown, code = 'value'): void => {
    const error = fault(build)
    expect(error).toBeInstanceOf(BuildError)
    expect((error as BuildError).code).toBe(code)
  }
  it('text goes only where it may stand', () => {
    for (const text of ['IN VITE', 'INVITE, ACK', '', '"INVITE"', 'ÏNVITE']) refuses(() => headerValue(fields.allow, text))
    for (const text of ['a b', 'a@b@c', 'a;b', 'ü', '']) refuses(() => headerValue(fields.callId, text))
    for (const text of ['a b', 'a,b']) refuses(() => headerValue(fields.inReplyTo, 'x', text))
    for (const text of ['a@b', 'a/', '(open', 'a (b))', '', 'a/b/c']) refuses(() => headerValue(fields.userAgent, text))
    for (const text of ['Softphone/1.0', 'a/b c (d (e) \\) f) g', '(only a comment)']) expect(headerValue(fields.server, text)).toBe(text)
    for (const text of ['\ud800', ' x', 'x ']) refuses(() => headerValue(fields.cellularNetworkInfo, text === ' x' ? '\udfff' : text === 'x ' ? '\ud800y' : text))
    expect(headerValue(fields.subject, 'Grüße, 大')).toBe('Grüße, 大')
    expect(headerValue(fields.subject, '')).toBe('')
    expect(headerValue(fields.supported)).toBe('')
  })
  it('numbers are whole, in range and plain', () => {
    for (const number of [-1, 1.5, NaN, Infinity, 1e21]) {
      for (const field of [fields.expires, fields.contentLength, fields.maxForwards, fields.rSeq, fields.flowTimer]) refuses(() => headerValue(field, number))
      refuses(() => fields.SessionExpires.of(number))
      refuses(() => fields.NumberValue.of(number))
      refuses(() => fields.RetryAfter.of(number))
      if (number !== -1) refuses(() => fields.SipDate.of(number))
      refuses(() => fields.Reason.of('SIP', { cause: number }))
      refuses(() => fields.RAck.of(number, 1, 'INVITE'))
      refuses(() => fields.SubscriptionState.of('active', { expires: number }))
      if (number !== 1.5) refuses(() => fields.Timestamp.of(number))
    }
    refuses(() => headerValue(fields.maxForwards, 256))
    refuses(() => headerValue(fields.expires, 2 ** 32))
    refuses(() => fields.SipDate.of(1e300))
    refuses(() => fields.SipDate.of(-1e300))
    for (const q of [-0.1, 1.1, 0.1234, 1e-7, NaN]) refuses(() => fields.SecurityMechanism.of('tls', { preference: q }))
    for (const regId of [0, -1, 1.5, 2 ** 31]) refuses(() => fields.outboundContact(NameAddr.of({ uri: uriOf('sip:h') }), 'urn:x', regId))
  })
  it('one value where the field takes one', () => {
    for (const field of headerFields.filter(({ comma }) => comma !== true)) refuses(() => headerValue<unknown>(field, 'x', 'y'))
    refuses(() => headerValue(fields.expires))
    refuses(() => headerValue<NameAddr | '*'>(fields.contact, '*', NameAddr.of({ uri: uriOf('sip:h') })))
  })
  it('brackets where the grammar has them, none where it has none', () => {
    refuses(() => headerValue(fields.triggerConsent, fields.UriValue.of(uriOf('sip:h'))))
    refuses(() => headerValue(fields.callInfo, fields.UriValue.bare(uriOf('sip:h'))))
    refuses(() => fields.UriValue.bare(uriOf('sip:h;lr')))
    refuses(() => fields.UriValue.bare(uriOf('http://x/a;b')))
  })
  it('tokens and lists of the values with a form of their own', () => {
    refuses(() => fields.Privacy.of())
    refuses(() => fields.Privacy.of('Id'))
    refuses(() => fields.SessionId.of('ab'))
    refuses(() => fields.SessionId.of(fields.SessionId.nil, 'ab'))
    refuses(() => fields.ResourceValue.of('a.b', 'c'))
    refuses(() => fields.Replaces.of('a b', { toTag: 'a', fromTag: 'b' }))
    refuses(() => fields.Replaces.of('a', { toTag: '', fromTag: 'b' }), 'token')
    refuses(() => fields.Warning.of(30, 'a', 'b'))
    refuses(() => fields.Warning.of(300, 'a b', 'b'))
    refuses(() => fields.TokenValue.of('a b'), 'token')
    refuses(() => fields.ChargingVector.of({ icid: '' }))
    refuses(() => fields.Identity.of({ digest: 'ä', info: 'https://x' }))
    refuses(() => fields.outboundContact(NameAddr.of({ uri: uriOf('sip:h') }), 'urn:"x"', 1))
  })
})
