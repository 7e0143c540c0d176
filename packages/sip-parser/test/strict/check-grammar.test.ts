import { describe, expect, it } from 'vitest'
import { createRequest, parseMessage } from '../../src/index.js'
import { fields, rules } from '../../src/strict/grammar.js'
import { checkGrammar, strict } from '../../src/strict/index.js'
import { growth } from '../growth.js'
import { bytesOf, optionsWith, parsed, refusal } from '../samples.js'

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** What is found wrong with a line that takes the place of one in an OPTIONS, as offsets in the line. */
function faultsOf(line: string): { code: string; at: number }[] {
  const text = optionsWith([line])
  const start = text.indexOf(`\r\n${line}\r\n`) + 2
  return checkGrammar(latin1(text)).filter(({ severity }) => severity === 'error').map(({ code, offset }) => ({ code, at: offset - start }))
}

/** Value by value: what the grammar allows; in what it forbids a ‸ stands where the fault is. */
const values: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
  'Accept': [['', 'application/sdp;level=1, application/x-private, text/html', '*/*;q=0.1', 'text / * ; q=1'], ['a‸', 'a/b,‸', 'a/b;‸', 'a/b;q=‸']],
  'Accept-Contact': [['*;audio;require', '*;mobility="fixed";+sip.x="<a>";explicit, *'], ['‸sip:a', '*;‸']],
  'Accept-Encoding': [['', 'gzip', '*;q=0, identity'], ['gzip,‸']],
  'Accept-Language': [['', 'da, en-gb;q=0.8, *'], ['‸1', 'abcdefgh‸i']],
  'Accept-Resource-Priority': [['', 'dsn.flash, wps.3'], ['‸dsn']],
  'Alert-Info': [['<http://www.example.com/sounds/moo.wav>', '<urn:alert:service:normal>;appearance=2'], ['‸http://a/b', '<‸a b>']],
  'Allow': [['', 'INVITE, ACK , BYE'], ['INVITE,‸,', 'INVITE‸ ACK']],
  'Allow-Events': [['spirits-INDPs, presence.winfo'], ['‸.', '‸']],
  'Answer-Mode': [['Manual;require'], ['‸']],
  'Authentication-Info': [['nextnonce="47364c23432d2e131a5fb210812c", qop=auth, nc=00000001'], ['nextnonce‸', 'a="b‸']],
  'Authorization': [
    ['Digest username="bob", realm="a", nonce="b", uri="sip:c", response="7587245234b3434cc3412213e5f113a5", qop=auth, nc=00000001', 'Digest a=b', 'X opaque-data=here'],
    ['Digest‸', 'Digest ‸', 'Digest a="b‸', 'Basic QWxhZGRpbjpvcGVu‸', 'Digest a=b‸;c'],
  ],
  'Call-ID': [['f81d4fae@a', 'a<b>[c]"{}\\?/', '%'], ['a@b‸@', 'a‸ b', '‸']],
  'Call-Info': [['<http://a/b.jpg> ;purpose=icon,<http://c> ;purpose=info'], ['<http://a/b.jpg‸']],
  'Contact': [
    ['"Mr. Watson" <sip:watson@a.example> ;q=0.7; expires=3600, "Mr. Watson" <mailto:watson@a.example> ;q=0.1', '*', '* ', '<sip:a@b>\t', 'Ab cd<sip:a>', 'sip:a@b;q=0.1,tel:+1-2', 'sips:a@[::1]:5;x', '<sips:b@b;lr?a=b&c=>', '* <sip:a>',
      'urn:service:sos', '<tel:+1(2)-3;ext=4;isub=x>', '<tel:911;phone-context=+1>', '<sip:a:b@d>', '<sip:+1;x=y:p@h:1;transport=tcp;lr;a%41=%42>', '"\\"\\\\\u00c3\u00a9\\\u0000"<sip:a>', '<http://[::1]:80/?a>'],
    ['<sip:a@b‸', '<sip:a@b>,‸', '*‸, *', '"a‸', '"‸\u00c3"', '<tel:‸911>', 'sip:a@b‸?x=y', 'sip:a,b‸@c', '<sip:a@b‸_c>', '<sip:a‸%4x@b>', 'Bob‸, J <sip:a@b>'],
  ],
  'Content-Disposition': [['session;handling=optional'], ['‸;a']],
  'Content-Encoding': [['gzip, tar'], ['‸']],
  'Content-ID': [['<a.b@c.d>', '<a@[b]>'], ['‸a@b']],
  'Content-Language': [['fr, en-x-y'], ['‸*']],
  'Content-Type': [['application/sdp', 'text/html; charset=ISO-8859-4', 'a/b;c="d"'], ['text‸', 'a/b;c‸', 'a/b;‸']],
  'CSeq': [['1 OPTIONS', '0001  OPTIONS'], ['1‸', '‸OPTIONS', '1 OPTIONS‸ ']],
  'Date': [['Sat, 13 Nov 2010 23:29:00 GMT', 'sat, 13 nov 2010 23:29:00 gmt'], ['Fri, 01 Jan 2010 16:00:00 ‸EST', '‸Sat, 1 Nov 2010 23:29:00 GMT']],
  'Diversion': [['<sip:a@b>;reason=user-busy;counter=1'], ['‸']],
  'Error-Info': [['<sip:not-in-service-recording@atlanta.example>'], ['‸']],
  'Event': [['presence.winfo;id=1'], ['a‸.']],
  'Expires': [['5', '0005', '99999999999999999999'], ['‸-1', '1‸.5', '‸']],
  'Feature-Caps': [['*;+g.a.b;+sip.c="<d>"', '*'], ['*;‸a', '*;+a=‸b']],
  'Flow-Timer': [['126'], ['‸x']],
  'From': [['"A. G. Bell" <sip:agb@bell.example> ;tag=a48s', 'sip:+12125551212@server.example;tag=887s', 'Anonymous <sip:c8oqz84zk7z@privacy.example>;tag=hyh8', 'tel:+1-2;phone-context=a'],
    ['alice‸', 'sip:‸', '<sip:a@b>;tag=‸', 'Bell‸, A <sip:a@b>', '<‸ sip:a@b>', '<sip:a@[::1‸>']],
  'Geolocation': [['<cid:target123@atlanta.example>, <sip:a@b;x>;y=z'], ['‸']],
  'Geolocation-Error': [['100;code="Cannot Process Location"'], ['‸x']],
  'Geolocation-Routing': [['yes', 'other=1'], ['‸']],
  'History-Info': [['<sip:a@b?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1'], ['sip‸:a@b']],
  'Identity': [['eyJh.e-_K.rq3p;info=<https://biloxi.example/biloxi.cert>;alg=ES256;ppt=shaken', '..rq3p;info=<a:b>', '"kVSkbLpM="'], ['‸']],
  'Identity-Info': [['<https://example.com/cert>;alg=rsa-sha1'], ['‸a']],
  'In-Reply-To': [['70710@saturn.example, 17320@saturn.example'], ['a,‸']],
  'Info-Package': [['foo;a=b'], ['‸']],
  'Join': [['12adf2f34456gs5;to-tag=12345;from-tag=54321'], ['‸']],
  'Max-Breadth': [['60'], ['‸']],
  'Max-Forwards': [['0', '70', '999'], ['70‸x', '‸+1']],
  'MIME-Version': [['1.0'], ['1‸']],
  'Min-Expires': [['60'], ['60‸ s']],
  'Min-SE': [['60;lr'], ['‸']],
  'Organization': [['', 'Boxes by Bob', '\u00e5\u00a4\u00a7'], ['‸\u00e5\u00a4', 'a‸\u0001', 'a ‸']],
  'P-Access-Network-Info': [['IEEE-802.11a;network-provided;cgi-3gpp="1"', '3GPP-UTRAN-TDD; utran-cell-id-3gpp=234151D0FCE11, a'], ['‸']],
  'P-Asserted-Identity': [['"Cullen Jennings" <sip:fluffy@cisco.example>, tel:+14085264000'], ['sip:a@b‸;x']],
  'P-Asserted-Service': [['urn:urn-7:3gpp-service.exampletelephony.version1'], ['‸urn:x']],
  'P-Associated-URI': [['', '<sip:a@b>, <sip:c@d>;x=y'], ['a‸']],
  'P-Called-Party-ID': [['<sip:a@b>'], ['sip‸:a@b']],
  'P-Charge-Info': [['<sip:+1@a>'], ['‸']],
  'P-Charging-Function-Addresses': [['ccf=192.1.1.1; ccf=192.1.1.2; ecf=192.1.1.3', 'ccf=[5555::1], ecf="a"'], ['‸']],
  'P-Charging-Vector': [['icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net'], ['‸a=b']],
  'P-DCS-Billing-Info': [['a01/b02@host;rksgroup=x'], ['‸a01']],
  'P-DCS-LAES': [['host:5;content=a'], ['‸']],
  'P-DCS-OSPS': [['BLV'], ['‸']],
  'P-DCS-Redirect': [['"sip:a@b";count=1'], ['‸sip:a@b']],
  'P-DCS-Trace-Party-ID': [['<sip:a@b>;timestamp=1.2'], ['‸']],
  'P-Early-Media': [['', 'supported, sendrecv'], ['a,‸']],
  'P-Preferred-Identity': [['<sip:a@b>'], ['‸']],
  'P-Preferred-Service': [['urn:urn-7:a, URN:URN-7:b.c'], ['‸']],
  'P-Private-Network-Indication': [['example.com'], ['‸1']],
  'P-Profile-Key': [['<sip:chatroom-!.*!@example.com>'], ['‸']],
  'P-Served-User': [['<sip:a@b>; sescase=orig; regstate=reg'], ['‸']],
  'P-Visited-Network-ID': [['other.net, "Visited network number 1";a'], ['‸']],
  'Path': [['<sip:a;lr>,<sip:b;lr>;x'], ['sip‸:a']],
  'Permission-Missing': [['sip:userC@example.com', '<sip:a@b;c>, sip:d'], ['‸']],
  'Policy-Contact': [['<sip:a@b;t=1>;non-cacheable'], ['‸']],
  'Policy-ID': [['sip:a@b;token=c, sip:d'], ['‸']],
  'Priority': [['emergency'], ['a‸ b', '‸']],
  'Priv-Answer-Mode': [['Auto;require'], ['‸']],
  'Privacy': [['id;header'], ['id;‸', 'id‸ ;a']],
  'Proxy-Authenticate': [['Digest realm="a", domain="sip:b", qop="auth", nonce="f84", opaque="", stale=FALSE, algorithm=MD5'], ['Digest realm‸']],
  'Proxy-Authorization': [['Digest a="b"'], ['‸']],
  'Proxy-Require': [['foo'], ['‸']],
  'RAck': [['776656 1 INVITE'], ['776656 1‸']],
  'Reason': [['SIP ;cause=200 ;text="Call completed elsewhere", Q.850;cause=16'], ['SIP;‸']],
  'Record-Route': [['<sip:a;lr>, "x" <sip:b>;y'], ['<sip:a>‸x']],
  'Recv-Info': [['', 'foo;a, bar'], ['foo,‸']],
  'Refer-Events-At': [['<sip:vPT3izGmo6@a>'], ['<‸tel:+1>']],
  'Refer-Sub': [['false', 'TRUE;a'], ['‸no']],
  'Refer-To': [['sip:alice@atlanta.example', '<sip:bob@biloxi.example?Accept-Contact=sip:x&Replaces=a%40b>'], ['sip:a@b‸?c=d']],
  'Referred-By': [['<sip:r@ref.example>;cid="2UWQFN309shb3@ref.example"'], ['‸']],
  'Reject-Contact': [['*;actor="principal"'], ['‸a']],
  'Replaces': [['98732@sip.example;from-tag=r33th4x0r;to-tag=ff87ff'], ['98732;‸']],
  'Reply-To': [['Bob <sip:bob@biloxi.example>;a=b'], ['‸']],
  'Request-Disposition': [['proxy, recurse, parallel', 'NO-FORK'], ['‸maybe', 'fork‸s']],
  'Require': [['100rel'], ['100rel‸ x']],
  'Resource-Priority': [['dsn.flash'], ['dsn.flash‸.x']],
  'Retry-After': [['18000;duration=3600', '120 (I am (still) in a \\) meeting)', '1 (a) ;b'], ['120 (open‸', '‸x']],
  'Route': [['<sip:bigbox3.site3.atlanta.example;lr>, <sip:server10.biloxi.example;lr>'], ['<sip:a>‸ <sip:b>']],
  'RSeq': [['988789'], ['‸']],
  'Security-Client': [['digest;q=0.1, ipsec-3gpp; alg=hmac-md5-96; d-ver="0000"'], ['‸']],
  'Security-Server': [['tls;q=0.2'], ['‸']],
  'Security-Verify': [['tls'], ['‸']],
  'Server': [['HomeServer v2', 'a/1 (b(c)d) (e) f / 2', '(\u00c3\u00a9)'], ['a/‸', '(‸', '‸', 'a‸[', 'a ‸']],
  'Service-Route': [['<sip:p1.home.example;lr>'], ['‸']],
  'Session-Expires': [['4000;refresher=uac'], ['‸;a']],
  'Session-ID': [['ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2'], ['‸AB30317f1a784dc48ff824d0d3715d86']],
  'SIP-ETag': [['dx200xyz'], ['‸']],
  'SIP-If-Match': [['dx200xyz'], ['‸"']],
  'Subject': [['', 'Need more boxes', 'Tech  Support: "x" <y>'], ['a‸\u00ff']],
  'Subscription-State': [['active;expires=60', 'terminated;reason=rejected;retry-after=1'], ['‸']],
  'Supported': [['', 'rel, x'], ['rel‸;x']],
  'Suppress-If-Match': [['*'], ['‸']],
  'Target-Dialog': [['fa77as7dad8-sd98ajzz@host.example;local-tag=kkaz-;remote-tag=6544'], ['‸']],
  'Timestamp': [['54', '54.3 .1', '54 '], ['‸.5', '54‸x']],
  'To': [['The Operator <sip:operator@cs.columbia.example>;tag=287447', 'sip:+12125551212@server.example'], ['<sip:a@b>;‸']],
  'Trigger-Consent': [['sip:123@relay.example;target-uri="sip:friends@relay.example"'], ['‸']],
  'Unsupported': [['foo'], ['‸']],
  'User-Agent': [['Softphone Beta1.5'], ['‸/']],
  'User-to-User': [['56a390f3d2b7310023a2;encoding=hex;purpose=foo, "a"'], ['‸']],
  'Via': [
    ['SIP/2.0/UDP erlang.bell.example:5060;branch=z9hG4bK87asdks7', 'SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207 ;branch=z9hG4bK77asjd', 'SIP / 2.0 / UDP first.example: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1, SIP/2.0/TCP [::1]',
      'SIP/2.0/TLS a;received=2001:db8::9:1;rport;keep', 'SIP/2.0/UDP a;received=[::1]'],
    ['SIP/2.0‸ UDP h', 'SIP/2.0/UDP ‸', 'SIP/2.0/UDP h;‸', 'SIP/2.0/UDP h,‸', 'SIP/2.0/UDP [::1‸', 'SIP/2.0/UDP h;branch=‸;a', 'SIP/2.0/UDP h‸_'],
  ],
  'Warning': [['307 isi.edu "Session parameter \'foo\' not understood"', '301 pseudo_nym "a", 399 [::1]:5 "b"'], ['181‸2 a "b"', '307 isi.edu ‸text', '307 ‸"x"']],
  'WWW-Authenticate': [['Digest realm="atlanta.example", qop="auth", nonce="84a4c", opaque="", stale=FALSE, algorithm=MD5'], ['Digest ‸']],
  'X-Unknown': [['', '(;"<[{ \\', ' \u00c3\u00a9 ', 'a\tb'], ['a‸\u0000', '‸\u00e9', 'a‸\u007f']],
}

describe('RFC 3261 §25.1 and extensions: header fields', () => {
  for (const [name, [good, bad]] of Object.entries(values)) {
    it(name, () => {
      for (const value of good) expect(faultsOf(`${name}: ${value}`), `${name}: ${value}`).toEqual([])
      for (const value of bad) expect(faultsOf(`${name}: ${value.replace('‸', '')}`), `${name}: ${value}`).toEqual([{ code: 'header-value', at: `${name}: ${value}`.indexOf('‸') }])
    })
  }
  it('every row has its lines here, and every name in the notation a rule', () => {
    const rows = fields.trim().split('\n').filter((line) => line.includes(': ')).map((line) => line.split(': ') as [string, string])
    const names = rows.flatMap(([list]) => list.split(' ')).filter((name) => name.length > 1 && name !== 'content-length')
    expect(names.filter((name) => !Object.keys(values).some((tested) => tested.toLowerCase() === name))).toEqual([])
    const known = new Set(['comment', ...rules.trim().split('\n').map((line) => line.split(' ')[0] ?? '')])
    const used = [...rows.map(([, notation]) => notation), ...rules.trim().split('\n').map((line) => line.slice(line.indexOf(' = ') + 3))]
      .flatMap((notation) => notation.replaceAll(/"[^"]*"|\/(?:\\.|[^/])+\/i?/g, ' ').match(/[\w-]+/g) ?? [])
    expect(used.filter((name) => !known.has(name))).toEqual([])
    for (const name of known) if (!['request-line', 'status-line', 'header-value', 'SWS', 'COMMA', 'LPAREN', 'ctext'].includes(name)) expect(used, name).toContain(name)
  })
})

describe('RFC 3261 §7 lines', () => {
  it.each([
    ['OPTIONS ‸ sip:a@b SIP/2.0'], ['OPTIONS sip:a@b ‸ SIP/2.0'], ['OPTIONS sip:a@b SIP/2.0‸ '], ['OPTIONS sip:a@b sip/2.0'],
    ['OPTIONS sip:a@b;x=y SIP/2.0'], ['OPTIONS tel:+1 SIP/2.0'], ['SIP/2.0 200‸'], ['SIP/2.0 200 '], ['SIP/2.0 200 OK (ok) %41\t'], ['SIP/2.0 200 a‸[b]'], ['SIP/2.0 200 Es läutet'],
    ['OPTIONS sip:a@b;x=‸{y} SIP/2.0'], ['OPTIONS sip:a@[‸1:2] SIP/2.0'],
  ])('start line %s', (line) => {
    const found = checkGrammar(bytesOf(optionsWith([], line.replace('‸', '')))).filter(({ code }) => code === 'start-line')
    expect(found.map(({ offset }) => offset)).toEqual(line.includes('‸') ? [line.indexOf('‸')] : [])
  })
  it('names are tokens, blanks may stand before the colon', () => {
    expect(faultsOf('X-y \t : z')).toEqual([])
    expect(faultsOf('X(y: z')).toEqual([{ code: 'header-line', at: 1 }])
    expect(faultsOf('no colon')).toEqual([{ code: 'header-line', at: 3 }])
    expect(faultsOf(': z')).toEqual([{ code: 'header-line', at: 0 }])
  })
  it('folding is allowed where LWS is, once for each LWS, and noted', () => {
    expect(checkGrammar(bytesOf(optionsWith(['CSeq:\r\n 314159\r\n\tOPTIONS'])))).toMatchObject([{ code: 'folding', severity: 'note', header: 'CSeq' }])
    expect(faultsOf('CSeq: 1 \r\n \r\n OPTIONS')).toEqual([{ code: 'header-value', at: 11 }])
    expect(faultsOf('Contact: <sip:a>\r\n \r\n ;b')).toEqual([])
    expect(faultsOf('Contact: <sip:a>;b\r\n \r\n ;c')).not.toEqual([])
    expect(faultsOf('Subject: a\r\n \r\n \r\n b')).toEqual([])
    expect(faultsOf('Contact: "a\r\n b\r\n \r\n " <sip:a>')).toEqual([])
    expect(faultsOf('Contact: "a\\\r\n b" <sip:a>')).not.toEqual([])
  })
  it('lines end in CRLF, and an empty one ends the header fields', () => {
    const text = optionsWith()
    expect(checkGrammar(bytesOf(text.replaceAll('\r\n', '\n')))).toMatchObject([{ code: 'bare-line-feed', offset: text.indexOf('\r\n'), severity: 'error' }])
    expect(checkGrammar(bytesOf(text.replace('70\r\n', '70\n')))).toMatchObject([{ code: 'bare-line-feed', offset: text.indexOf('70\r\n') + 2 }])
    expect(checkGrammar(bytesOf(text.slice(0, -2)))).toMatchObject([{ code: 'no-empty-line', offset: text.length - 2, severity: 'error' }])
    expect(checkGrammar(bytesOf(`\r\n${text} \nbody\n`))).toEqual([])
  })
  it('of a message the written text is checked', () => {
    const request = createRequest({ method: 'OPTIONS', requestUri: 'sip:a@b', headers: [['Expires', 'soon'], ['X-Y', 'z']] })
    expect(checkGrammar(request)).toMatchObject([{ code: 'header-value', header: 'Expires', section: 'RFC 3261 §25.1', severity: 'error' }])
    request.headers.set('Expires', '5')
    expect(checkGrammar(request)).toEqual([])
    expect(checkGrammar(parsed(optionsWith(['Session-Expires: x'])))).toMatchObject([{ header: 'Session-Expires', section: 'RFC 4028' }])
  })
})

describe('parseMessage, strict', () => {
  it('reads what the grammar allows, and says what is folded', () => {
    const message = parsed(optionsWith(['Subject: a\r\n b', 'Content-Length: 0']), { mode: strict })
    expect(message.headers.get('Subject')).toBe('a b')
    expect(message.diagnostics).toMatchObject([{ code: 'folding', header: 'Subject' }])
    expect(parseMessage(optionsWith(['Subject: a\r\n b']), { mode: 'tolerant' }).ok).toBe(true)
  })
  it.each([
    ['header-value', optionsWith(['Expires: soon'])], ['header-line', optionsWith(['a b: c'])], ['start-line', optionsWith([], 'OPTIONS  sip:a@b SIP/2.0')],
    ['bare-line-feed', optionsWith().replaceAll('\r\n', '\n')], ['no-empty-line', optionsWith().slice(0, -2)],
  ])('refuses with the code of the first fault: %s', (code, text) => {
    expect(refusal(text, { mode: strict })).toMatchObject({ code, statusCode: 400 })
  })
  it('a request that is refused can be answered', () => {
    const error = refusal(optionsWith(['Expires: soon']), { mode: strict })
    expect(error).toMatchObject({ header: 'Expires', section: 'RFC 3261 §25.1', request: { method: 'OPTIONS' } })
  })
})

describe('twice the size takes about twice the time', () => {
  const units = ['a', '1', ' ', '\r\n ', '"', '\\', '(', '<sip:', ',', ';a=', '@', ':', '1:', 'a.', '1.', '-a', '%41', 'tel:1;', '<sip:a@b>,', 'a b ', '\u00c3\u00a9']
  const unitOf = (size: number, unit: string): string => unit.repeat(Math.ceil(size / unit.length))
  const timeout = 120_000
  it.each(Object.keys(values))('%s', (name) => {
    for (const unit of units) {
      // A value that is right, then many times the unit, then what no rule allows.
      const before = values[name]?.[0].find((value) => value !== '') ?? ''
      expect(growth((size) => {
        const bytes = latin1(optionsWith([`${name}: ${before}${unitOf(size, unit)}\u0001`]))
        return () => checkGrammar(bytes)
      }, 20_000), `${name} ${before}${unit}`).toBeLessThan(3.2)
    }
  }, timeout)
  it('the start line, and many lines', () => {
    for (const unit of units.filter((one) => !one.includes('\n'))) {
      for (const line of ['OPTIONS sip:', 'OPTIONS tel:', 'SIP/2.0 200 ', '']) {
        expect(growth((size) => {
          const bytes = latin1(optionsWith([], line + unitOf(size, unit)))
          return () => checkGrammar(bytes)
        }, 20_000), line + unit).toBeLessThan(3.2)
      }
    }
    for (const line of ['a: b\r\n', 'a\r\n', 'Via: SIP/2.0/UDP h\r\n', '\r\n a\r\n', 'a: b\n']) {
      expect(growth((size) => {
        const bytes = latin1(optionsWith([unitOf(size, line)]))
        return () => checkGrammar(bytes)
      }, 40_000), line).toBeLessThan(3.2)
    }
  }, timeout)
})
