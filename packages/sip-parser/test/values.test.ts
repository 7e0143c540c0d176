import { describe, expect, it } from 'vitest'
import {
  AbsoluteUri, addressOfRecord, BuildError, Challenge, Credentials, CSeq, escapeUser, isToken, MediaType, NameAddr, Parameters, parseChallenge, parseCredentials, parseNameAddr, parseNameAddrs, parseUri, parseVia,
  quoteString, type Result, SipUri, TelUri, unescape, unquoteString, type Uri, uriEquals, Via,
} from '../src/index.js'

function ok<T>(result: Result<T, Error>): T {
  if (!result.ok) throw result.error
  return result.value
}
const sip = (text: string): SipUri => {
  const uri = ok(parseUri(text))
  if (!(uri instanceof SipUri)) throw new TypeError('not a SIP URI')
  return uri
}
const build = expect.objectContaining({ name: 'BuildError' }) as Error

describe('RFC 3261 §19.1 SIP URIs', () => {
  it.each([
    ['sip:alice@atlanta.com', { scheme: 'sip', user: 'alice', host: 'atlanta.com', hostPort: 'atlanta.com' }],
    ['SIPS:alice:secretword@atlanta.com:5061;transport=TCP;lr?subject=a&to=b', { scheme: 'sips', user: 'alice', password: 'secretword', port: 5061, transport: 'tcp', isLooseRouter: true, headers: 'subject=a&to=b' }],
    ['sip:+1-212-555-1212:1234@gateway.com;user=phone', { user: '+1-212-555-1212', password: '1234', host: 'gateway.com' }],
    ['sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com', { user: undefined, host: 'atlanta.com', headers: 'to=alice%40atlanta.com' }],
    ['sip:alice;day=tuesday@atlanta.com', { user: 'alice;day=tuesday', host: 'atlanta.com' }],
    ['sip:a?b/c&d=+$,@h', { user: 'a?b/c&d=+$,', host: 'h' }],
    ['sip:[2001:db8::10]:5070', { host: '[2001:db8::10]', port: 5070, hostPort: '[2001:db8::10]:5070' }],
    ['sip:u#1@under_score.example.', { user: 'u#1', host: 'under_score.example.' }],
    ['sip:%61@h', { user: '%61', decodedUser: 'a' }],
    ['sip:h?x', { headers: 'x' }],
    ['sip:a:@h', { user: 'a', password: '' }],
    ['sip:ünï@h', { user: 'ünï' }],
  ])('%s', (text, parts) => {
    expect(sip(text)).toMatchObject(parts)
    expect(sip(sip(text).toString())).toMatchObject(parts)
  })
  it.each(['', 'sip', 'sip:', 'sip:@h', 'sip:a@', 'sip:a@b@c', 'sip:a@h:', 'sip:a@h:0', 'sip:a@h:65536', 'sip:a@h:000005', 'sip:a@h:5x', 'sip:a@h:+5', 'sip:2001:db8::1', 'sip:[2001:db8::1',
    'sip:[]', 'sip:[x]', 'sip:a b@h', 'sip:a@h;x y', 'sip:a@h\r\n', 'sip:a@h>', 'sip:a@h"', 'sip:a@h/x', ' sip:a@h', 'sip:a@h\\;gr', 'tel:', 'tel:+', 'tel:xyz', 'tel:1+2', ':x', '1x:y', 'a b:c', 'isbn: 1'])('refuses %j', (text) => {
    expect(parseUri(text)).toMatchObject({ ok: false, error: { code: 'uri', statusCode: 400 } })
  })
  it('changes by copies', () => {
    const uri = sip('sip:alice:pw@h:5060;lr;transport=tcp?x=y')
    expect(uri.with({ password: undefined, headers: undefined, port: undefined, host: '[::1]' }).toString()).toBe('sip:alice@[::1];lr;transport=tcp')
    expect(uri.with({ parameters: uri.parameters.with('transport', 'ws').without('LR') }).toString()).toBe('sip:alice:pw@h:5060;transport=ws?x=y')
    expect(uri.toString()).toBe('sip:alice:pw@h:5060;lr;transport=tcp?x=y')
  })
  it.each([
    { host: 'a b' }, { host: '' }, { host: 'h:5' }, { host: '::1' }, { host: 'h', port: 0 }, { host: 'h', port: 65536 }, { host: 'h', port: 1.5 }, { host: 'h', port: NaN }, { host: 'h', user: '' },
    { host: 'h', user: 'a@b' }, { host: 'h', user: 'a:b' }, { host: 'h', user: 'a b' }, { host: 'h', user: 'a\r\nX: y' }, { host: 'h', password: 'x' }, { host: 'h', user: 'a', password: 'b@c' },
    { host: 'h', parameters: [['x', 'a b']] as const }, { host: 'h', parameters: [['x', 'a\r\n']] as const }, { host: 'h', parameters: [['x y', '']] as const }, { host: 'h', parameters: [['x', '<']] as const }, { host: 'h', headers: 'a b' }, { host: 'h;x' }, { host: 'h?x' },
  ])('cannot be built from %j', (parts) => {
    expect(() => SipUri.of(parts)).toThrow(BuildError)
  })
  it('escapes make any user possible', () => {
    for (const user of ['a@b', 'a:b', 'a b', 'größe', '%41', '\0\r\n', '大', '🐟', '"<>"']) {
      const uri = SipUri.of({ user: escapeUser(user), host: 'h' })
      expect(sip(uri.toString()).decodedUser).toBe(user)
    }
    expect(unescape('100%')).toBe('100%')
    expect(unescape('%4')).toBe('%4')
    expect(unescape('%zz%41%ff')).toBe('%zzA\u00ff')
  })
  it('§10.3: one address of record for all ways to write it', () => {
    for (const text of ['sip:alice@example.com', 'sips:%61lice@EXAMPLE.com:5061;transport=tcp?x=y', 'sip:alice:pw@example.com']) expect(addressOfRecord(sip(text))).toBe('sip:alice@example.com')
    expect(addressOfRecord(sip('sip:a%40b@h'))).toBe('sip:a%40b@h')
    expect(addressOfRecord(sip('sip:a%3ab@h'))).toBe('sip:a%3Ab@h')
    expect(addressOfRecord(sip('sip:H'))).toBe('sip:h')
  })
  it('other schemes', () => {
    expect(ok(parseUri('tel:+1-201-555-0123;phone-context=example.com'))).toMatchObject({ scheme: 'tel', number: '+1-201-555-0123' })
    expect(ok(parseUri('URN:service:sos'))).toMatchObject({ scheme: 'urn', opaque: 'service:sos' })
    expect(ok(parseUri('sipx:a'))).toBeInstanceOf(AbsoluteUri)
    expect(TelUri.of('7042', Parameters.of([['phone-context', 'example.com']])).with({ number: '7043' }).toString()).toBe('tel:7043;phone-context=example.com')
    expect(AbsoluteUri.of('urn', 'x').with({ opaque: 'y' }).toString()).toBe('urn:y')
    expect(() => TelUri.of('call me')).toThrow(build)
    expect(() => AbsoluteUri.of('u rn', 'x')).toThrow(build)
    expect(() => AbsoluteUri.of('urn', 'x\r\n')).toThrow(build)
  })
})

describe('RFC 3261 §19.1.4 comparison', () => {
  const equal = (a: string, b: string): boolean => {
    const left: Uri = ok(parseUri(a))
    const right: Uri = ok(parseUri(b))
    expect(uriEquals(right, left)).toBe(uriEquals(left, right))
    return uriEquals(left, right)
  }
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'], ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'], ['sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com', 'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com'],
    ['sip:alice@atlanta.com?subject=project%20x&priority=urgent', 'sip:alice@atlanta.com?priority=urgent&subject=project%20x'],
    ['tel:+1-201-555-0123', 'tel:+1(201)5550123'], ['tel:7042;phone-context=Example.com', 'tel:7042;phone-context=example.com'], ['urn:x', 'URN:x'],
  ])('%s equals %s', (a, b) => expect(equal(a, b)).toBe(true))
  it.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'], ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'], ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'], ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'], ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'], ['sip:a@h', 'sips:a@h'], ['sip:a@h', 'sip:h'], ['sip:a:p@h', 'sip:a@h'], ['sip:a@h', 'sip:a@h;maddr=1.2.3.4'],
    ['sip:a@h?x=1', 'sip:a@h?x=2'], ['tel:+1', 'tel:1'], ['tel:1', 'tel:1;phone-context=a'], ['tel:1;a=b', 'tel:1;a=c'], ['sip:h', 'urn:h'], ['tel:1', 'urn:1'], ['urn:1', 'tel:1'],
  ])('%s differs from %s', (a, b) => expect(equal(a, b)).toBe(false))
})

describe('Parameters', () => {
  const from = (text: string): Parameters => ok(parseNameAddr(`<sip:h>${text}`)).parameters
  it('names without case, first of two, flags, quotes', () => {
    const parameters = from(';Tag=1; tag = 2 ;flag;empty=;q="a;b=\\"c\\"" ; x')
    expect([...parameters]).toEqual([['Tag', '1'], ['tag', '2'], ['flag', ''], ['empty', ''], ['q', 'a;b="c"'], ['x', '']])
    expect(parameters.get('TAG')).toBe('1')
    expect(parameters.get('flag')).toBe('')
    expect(parameters.get('fla')).toBeUndefined()
    expect(parameters.get('flagg')).toBeUndefined()
    expect(parameters.size).toBe(6)
    expect(parameters.toString()).toBe(';Tag=1;tag=2;flag;empty;q="a;b=\\"c\\"";x')
  })
  it('CVE-2018-8828: empty ones and ones without a name hold nothing', () => {
    expect([...from(';;;=;=x;a;;')]).toEqual([['a', '']])
    expect(from(';').toString()).toBe('')
    expect(from(';tag=').get('tag')).toBe('')
    expect(ok(parseNameAddr('<sip:h>;tag=')).tag).toBeUndefined()
    expect(ok(parseVia('SIP/2.0/UDP h;branch=')).branch).toBeUndefined()
  })
  it('with and without', () => {
    const parameters = from(';a=1;b;A=2;c="x"')
    expect(parameters.with('a', 'n').toString()).toBe(';a=n;b;c="x"')
    expect(parameters.with('d', '').toString()).toBe(';a=1;b;A=2;c="x";d')
    expect(parameters.without('A').toString()).toBe(';b;c="x"')
    expect(parameters.with('b', undefined).has('b')).toBe(false)
    expect(Parameters.empty.with('x', 5).get('x')).toBe('5')
    expect(Parameters.empty.without('x').toString()).toBe('')
  })
  it('what is no token, host or number is quoted, so it comes back as it was', () => {
    for (const value of ['a', 'a b', 'a;b', 'a,b', '"', '\\', 'ü', '[::1]', 'host:5060', '<urn:x>', 'a=b', 'a"b\\c', '%41']) expect(from(Parameters.of([['x', value]]).toString()).get('x')).toBe(value)
    expect(Parameters.of([['received', '[2001:db8::1]'], ['x', '"q"']]).toString()).toBe(';received=[2001:db8::1];x="q"')
  })
  it.each([['a b', 'x'], ['', 'x'], ['a', 'x\r\ny'], ['a', '\0'], ['a;b', 'x'], ['a\r\n', 'x']])('cannot be built from %j=%j', (name, value) => {
    expect(() => Parameters.of([[name, value]])).toThrow(BuildError)
    expect(() => Parameters.empty.with(name, value)).toThrow(BuildError)
  })
})

describe('RFC 3261 §20.10 addresses', () => {
  it.each([
    ['"Alice ""A"" \\"B\\"" <sip:a@h>', undefined],
    ['"Alice \\"B\\"" <sip:a@h>;tag=1', { displayName: 'Alice "B"', tag: '1' }],
    ['Alice B <sip:a@h;x>;y', { displayName: 'Alice B' }], ['Bell, Alexander <sip:a@h>', { displayName: 'Bell, Alexander' }], ['caller<sip:a@h>', { displayName: 'caller' }],
    ['<sip:a@h>', { displayName: undefined }], ['"" <sip:a@h>', { displayName: undefined }], ['< sip:a@h >', { displayName: undefined }],
    ['sip:a@h;tag=1', { tag: '1', uri: { host: 'h' } }], ['sip:a@h ; tag=1', { tag: '1' }], ['tel:+12;tag=x', { uri: { number: '+12' }, tag: 'x' }], ['Ünï 大 <sip:a@h>', { displayName: 'Ünï 大' }],
    ['<sip:a@h>;+sip.instance="<urn:uuid:1>"', {}],
  ])('%s', (text, parts) => {
    const result = parseNameAddr(text)
    expect(result.ok).toBe(parts !== undefined)
    if (parts === undefined || !result.ok) return
    expect(result.value).toMatchObject(parts)
    expect(ok(parseNameAddr(result.value.toString())).toString()).toBe(result.value.toString())
  })
  it.each(['', '<>', '<sip:a@h', '"a <sip:a@h>', '"a" sip:a@h', '<sip:a@h> x', '<sip:a@h>,', 'nobody', '"a"'])('refuses %j', (text) => expect(parseNameAddr(text).ok).toBe(false))
  it('without brackets parameters are the field\'s, and it prints so', () => {
    const address = ok(parseNameAddr('sip:a@h;user=phone'))
    expect(address.uri.toString()).toBe('sip:a@h')
    expect(address.toString()).toBe('<sip:a@h>;user=phone')
  })
  it('lists', () => {
    expect(ok(parseNameAddrs('"a,b" <sip:a@h>;x=",>", sip:b@h,<sip:c@h>')).map((address) => (address.uri as SipUri).user)).toEqual(['a', 'b', 'c'])
    expect(parseNameAddrs('<sip:a@h>, x').ok).toBe(false)
  })
  it('builds', () => {
    const uri = sip('sip:a@h')
    expect(NameAddr.of({ displayName: 'A "B" \\', uri, parameters: [['tag', '1']] }).toString()).toBe('"A \\"B\\" \\\\" <sip:a@h>;tag=1')
    const address = NameAddr.of({ uri, displayName: '' })
    expect(address.with({ displayName: 'X', parameters: [['expires', 60]] }).toString()).toBe('"X" <sip:a@h>;expires=60')
    expect(() => NameAddr.of({ displayName: 'a\r\nb', uri })).toThrow(build)
    expect(() => address.with({ displayName: '\0' })).toThrow(build)
  })
})

describe('RFC 3261 §20.42 Via', () => {
  it.each([
    ['SIP/2.0/UDP h;branch=z9hG4bK1;rport', { transport: 'UDP', host: 'h', port: undefined, branch: 'z9hG4bK1', rport: '', sentBy: 'h' }],
    ['SIP / 2.0 / tls first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1', { transport: 'TLS', port: 4000, ttl: 16, maddr: '224.2.0.1', sentBy: 'first.example.com:4000' }],
    ['sip/2.0/WSS x.invalid;received=[::1];rport=5060', { transport: 'WSS', received: '::1', rport: 5060 }],
    ['SIP/2.0/UDP [2001:db8::1]:5060 ;received=2001:db8::2;rport=99999;ttl=256', { host: '[2001:db8::1]', received: '2001:db8::2', rport: undefined, ttl: undefined }],
    ['SIP/2.0/UNKNOWN under_score;rport=0;rport=5', { transport: 'UNKNOWN', rport: undefined, branch: undefined }],
    ['FUTURE / 3.1 / UDP h', { protocol: 'FUTURE/3.1', transport: 'UDP' }],
  ])('%s', (text, parts) => {
    const via = ok(parseVia(text))
    expect(via).toMatchObject(parts)
    expect(ok(parseVia(via.toString())).toString()).toBe(via.toString())
  })
  it.each(['', 'SIP/2.0', 'SIP/2.0/UDP', 'SIP/2.0/ h', '/2.0/UDP h', 'SIP/2.0/UDP h x', 'SIP/2.0/UDP h:', 'SIP/2.0/UDP h:0', 'SIP/2.0/UDP h:123456', 'SIP/2.0/UDP h:50 60', 'SIP/2.0/UDP ;branch=1', 'SIP/2.0/UDP a@b', 'SIP/2.0/UDPh'])('refuses %j', (text) => expect(parseVia(text).ok).toBe(false))
  it('builds and changes', () => {
    const via = Via.of({ transport: 'udp', host: 'h', port: 5060, parameters: [['branch', 'z9hG4bK1'], ['rport', undefined]] })
    expect(via.toString()).toBe('SIP/2.0/UDP h:5060;branch=z9hG4bK1;rport')
    expect(via.with({ parameters: via.parameters.with('received', '2001:db8::1').with('rport', 99) }).toString()).toBe('SIP/2.0/UDP h:5060;branch=z9hG4bK1;rport=99;received=2001:db8::1')
    expect(ok(parseVia('X/1/UDP h')).with({ port: 9 }).toString()).toBe('X/1/UDP h:9')
    for (const parts of [{ transport: 'U DP', host: 'h' }, { transport: '', host: 'h' }, { transport: 'UDP', host: 'h\r\nX: y' }, { transport: 'UDP', host: '' }, { transport: 'UDP', host: 'h', port: -1 }])
      expect(() => Via.of(parts)).toThrow(build)
  })
})

describe('CSeq, media type, authentication', () => {
  it('CSeq', () => {
    expect(CSeq.of(0, 'INVITE').toString()).toBe('0 INVITE')
    for (const [sequence, method] of [[-1, 'A'], [2 ** 31, 'A'], [0.5, 'A'], [NaN, 'A'], [1, ''], [1, 'A B'], [1, 'A\r\n']] as const) expect(() => CSeq.of(sequence, method)).toThrow(build)
  })
  it('media type', () => {
    expect(MediaType.of('Text', 'Plain', [['charset', 'utf-8']]).toString()).toBe('text/plain;charset=utf-8')
    for (const [type, subtype] of [['', 'x'], ['a b', 'c'], ['a', ''], ['a', 'b/c'], ['a', 'b\r\n']] as const) expect(() => MediaType.of(type, subtype)).toThrow(build)
  })
  it('challenge', () => {
    const challenge = Challenge.of('Digest', [['realm', 'a "b"'], ['nonce', 'x'], ['qop', 'auth,auth-int'], ['algorithm', 'SHA-256'], ['stale', 'true'], ['opaque', '']])
    expect(challenge.toString()).toBe('Digest realm="a \\"b\\"", nonce="x", qop="auth,auth-int", algorithm=SHA-256, stale=true, opaque=""')
    expect(ok(parseChallenge(challenge.toString()))).toMatchObject({ realm: 'a "b"', nonce: 'x', qop: ['auth', 'auth-int'], stale: true, opaque: '', isDigest: true })
    expect(ok(parseChallenge('digest'))).toMatchObject({ scheme: 'digest', realm: undefined, qop: [], stale: false })
    for (const text of ['', ',', '"x"', 'Digest,a=b']) expect(parseChallenge(text).ok).toBe(false)
  })
  it('credentials', () => {
    const credentials = Credentials.of('Digest', [['username', 'bob'], ['realm', 'r'], ['nonce', 'n'], ['uri', 'sip:h'], ['response', 'f'], ['algorithm', 'MD5'], ['cnonce', 'c'], ['qop', 'auth'], ['nc', '00000001']])
    expect(credentials.toString()).toBe('Digest username="bob", realm="r", nonce="n", uri="sip:h", response="f", algorithm=MD5, cnonce="c", qop=auth, nc=00000001')
    expect(ok(parseCredentials(credentials.toString()))).toMatchObject({ username: 'bob', realm: 'r', nonce: 'n', uri: 'sip:h', response: 'f', cnonce: 'c', nc: '00000001', qop: 'auth' })
    expect(ok(parseCredentials('Digest username=bob , response=\'f\',,x=')).username).toBe('bob')
    expect(() => Credentials.of('Digest', [['username', 'a\r\nb']])).toThrow(build)
    expect(() => Credentials.of('Digest', [['nc', '1, x=2']])).toThrow(build)
    expect(() => Credentials.of('Dig est', [])).toThrow(build)
  })
  it('quoting', () => {
    for (const text of ['', 'a', '"', '\\', 'a\\"b', 'ü"']) expect(unquoteString(quoteString(text))).toBe(text)
    expect(unquoteString('plain')).toBe('plain')
    expect(unquoteString('"open')).toBe('open')
    expect(unquoteString('"a\\')).toBe('a')
    expect(['a', "-.!%*_+`'~09Az", '', 'a b', 'ü', 'a\n'].map(isToken)).toEqual([true, true, false, false, false, false])
  })
})
