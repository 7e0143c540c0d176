import { describe, expect, it } from 'vitest'
import { createRequest, serializeMessage, type Diagnostic } from '../../src/index.js'
import { rules, validateMessage, type RuleCode } from '../../src/lint/index.js'
import { bytesOf, parsed, parsedRequest, textOf } from '../samples.js'
import { linted, sample } from './lint-samples.js'

interface Case {
  /** A message that breaks the rule, and what is pointed at in it. */
  readonly broken: string
  readonly at: string
  readonly section?: string
  /** One that looks alike and does not. */
  readonly kept: string
}

const digest = 'Digest username="bob", realm="atlanta.example.com", nonce="ea9c8e88", uri="sip:ss2.example.com", response="dfe56131d1958046689d83306477ecc"'
const twoVias = ['Via: SIP/2.0/UDP ss1.example.com;branch=z9hG4bK1', 'Via: SIP/2.0/UDP client.example.com;branch=z9hG4bK2']
const sdp = ['Content-Type: application/sdp']

const cases: Readonly<Record<RuleCode, readonly Case[]>> = {
  'missing-header': [
    { broken: sample('INVITE', ['-Contact']), at: 'INVITE sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3261 §20.10', kept: sample('OPTIONS', ['-Contact']) },
    { broken: sample('INVITE 405', ['-Allow']), at: 'SIP/2.0 405 Reason', section: 'RFC 3261 §20.5', kept: sample('INVITE 405', ['Allow: BYE']) },
    { broken: sample('INVITE 401'), at: 'SIP/2.0 401 Reason', section: 'RFC 3261 §20.44', kept: sample('INVITE 401', ['WWW-Authenticate: Digest realm="a", nonce="b"']) },
    { broken: sample('INVITE 407'), at: 'SIP/2.0 407 Reason', section: 'RFC 3261 §20.27', kept: sample('INVITE 407', ['Proxy-Authenticate: Digest realm="a", nonce="b"']) },
    { broken: sample('INVITE 420'), at: 'SIP/2.0 420 Reason', section: 'RFC 3261 §20.40', kept: sample('INVITE 420', ['Unsupported: timer']) },
    { broken: sample('REGISTER 423'), at: 'SIP/2.0 423 Reason', section: 'RFC 3261 §20.23', kept: sample('REGISTER 423', ['Min-Expires: 60']) },
    { broken: sample('INVITE 422'), at: 'SIP/2.0 422 Reason', section: 'RFC 4028 §5', kept: sample('INVITE 422', ['Min-SE: 90']) },
    { broken: sample('PRACK', ['-RAck']), at: 'PRACK sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3262 §7.2', kept: sample('PRACK') },
    { broken: sample('NOTIFY', ['-Event']), at: 'NOTIFY sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 6665 §8.2.1', kept: sample('NOTIFY') },
    { broken: sample('REFER', ['-Refer-To']), at: 'REFER sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3515 §2.1', kept: sample('REFER') },
    { broken: sample('PUBLISH 200', ['Expires: 60']), at: 'SIP/2.0 200 Reason', section: 'RFC 3903 §11.3.1', kept: sample('PUBLISH 200', ['Expires: 60', 'SIP-ETag: dx200xyz']) },
    { broken: sample('BYE', ['Via: SIP/2.0/TLS a.example;branch=z9hG4bK1', '-Content-Length']), at: 'BYE sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3261 §20.14', kept: sample('BYE', ['-Content-Length']) },
    { broken: sample('MESSAGE', [], 'hello'), at: 'MESSAGE sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3261 §20.15', kept: sample('MESSAGE', ['c: text/plain'], 'hello') },
  ],
  'no-max-forwards': [{ broken: sample('INVITE', ['-Max-Forwards']), at: 'INVITE sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3261 §20.22', kept: sample('INVITE 200') }],
  'recommended-header': [{ broken: sample('INVITE', ['-Supported']), at: 'INVITE sip:bob@biloxi.example.com SIP/2.0', section: 'RFC 3261 §20.37', kept: sample('INVITE', ['-Supported', 'k: timer']) }],
  'misplaced-header': [
    { broken: sample('BYE', ['Contact: <sip:alice@client.atlanta.example.com>']), at: '<sip:alice@client.atlanta.example.com>', section: 'RFC 3261 §20.10', kept: sample('INVITE') },
    { broken: sample('INVITE 200', ['Max-Forwards: 70']), at: '70', section: 'RFC 3261 §20.22', kept: sample('INVITE') },
    { broken: sample('SUBSCRIBE', ['Replaces: 1@a;to-tag=1;from-tag=2']), at: '1@a;to-tag=1;from-tag=2', section: 'RFC 3891 §6.1', kept: sample('INVITE', ['Replaces: 1@a;to-tag=1;from-tag=2']) },
    { broken: sample('REGISTER 200', ['RSeq: 1']), at: '1', section: 'RFC 3262 §7.1', kept: sample('REGISTER 200', ['Service-Route: <sip:p.example.com;lr>', 'P-Unknown: 1']) },
    { broken: sample('INVITE 486', ['Record-Route: <sip:p.example.com;lr>']), at: '<sip:p.example.com;lr>', section: 'RFC 3261 §20.30', kept: sample('INVITE 183', ['Record-Route: <sip:p.example.com;lr>']) },
    { broken: sample('INVITE 486', ['Proxy-Require: privacy']), at: 'privacy', section: 'RFC 3261 §20.29', kept: sample('MAKE', ['Proxy-Require: privacy', 'Expires: 1', 'Refer-To: <sip:a@b>']) },
  ],
  'forbidden-header': [{ broken: sample('CANCEL', ['Require: timer']), at: 'timer', section: 'RFC 3261 §20.32', kept: sample('INVITE', ['Require: timer']) }],
  'repeated-header': [{ broken: sample('INVITE', ['Subject: one', 'Subject: two']), at: 'two', kept: sample('INVITE', ['Allow: INVITE', 'Allow: ACK', 'Route: <sip:a;lr>', 'Route: <sip:b;lr>']) }],
  'cseq-method': [],
  'max-forwards-range': [{ broken: sample('INVITE', ['Max-Forwards: 256']), at: '256', kept: sample('INVITE', ['Max-Forwards: 255']) }],
  'via-branch': [
    { broken: sample('INVITE', ['Via: SIP/2.0/UDP a.example.com;branch=1']), at: '1', kept: sample('INVITE', [twoVias[0] ?? '', 'Via: SIP/2.0/UDP old.example.com;branch=1']) },
    { broken: sample('INVITE', ['Via: SIP/2.0/UDP a.example.com']), at: 'SIP/2.0/UDP a.example.com', kept: sample('INVITE') },
  ],
  'via-loop': [{ broken: sample('INVITE', [...twoVias, 'Via: SIP/2.0/UDP ss1.example.com;branch=z9hG4bK1']), at: 'z9hG4bK1', kept: sample('INVITE', [...twoVias, 'Via: SIP/2.0/UDP ss1.example.com;branch=z9hG4bK3']) }],
  'via-protocol': [{ broken: sample('INVITE', ['Via: SIP/3.0/UDP a.example.com;branch=z9hG4bK1']), at: 'SIP/3.0', kept: sample('INVITE') }],
  'via-received': [{ broken: sample('INVITE 200', ['Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1;rport=5060']), at: 'rport=5060', kept: sample('INVITE 200', ['Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1;received=192.0.2.1;rport=5060']) }],
  'cancel-via': [{ broken: sample('CANCEL', twoVias), at: 'SIP/2.0/UDP client.example.com;branch=z9hG4bK2', kept: sample('BYE', twoVias) }],
  'from-tag': [{ broken: sample('INVITE', ['From: <sip:alice@atlanta.example.com>']), at: '<sip:alice@atlanta.example.com>', kept: sample('INVITE') }],
  'to-tag': [{ broken: sample('INVITE 180', ['To: <sip:bob@biloxi.example.com>']), at: '<sip:bob@biloxi.example.com>', kept: sample('INVITE 100', ['To: <sip:bob@biloxi.example.com>']) }],
  'dialog-tag': [{ broken: sample('BYE', ['To: <sip:bob@biloxi.example.com>']), at: '<sip:bob@biloxi.example.com>', kept: sample('BYE') }],
  'dialogless-tag': [{ broken: sample('REGISTER sip:a.example', ['To: <sip:bob@a.example>;tag=123']), at: '123', kept: sample('INVITE', ['To: <sip:bob@a.example>;tag=123']) }],
  'contact-count': [
    { broken: sample('INVITE', ['Contact: <sip:a@one.example>, <sip:a@two.example>']), at: '<sip:a@one.example>, <sip:a@two.example>', kept: sample('REGISTER sip:a.example', ['Contact: <sip:a@one.example>, <sip:a@two.example>']) },
    { broken: sample('INVITE 200', ['Contact: <sip:a@one.example>', 'm: <sip:a@two.example>']), at: '<sip:a@two.example>', kept: sample('INVITE 302', ['Contact: <sip:a@one.example>', 'm: <sip:a@two.example>']) },
  ],
  'contact-wildcard': [
    { broken: sample('REGISTER sip:a.example', ['Contact: *']), at: '*', kept: sample('REGISTER sip:a.example', ['Contact: *', 'Expires: 0']) },
    { broken: sample('INVITE', ['Contact: *', 'Expires: 0']), at: '*', kept: sample('INVITE') },
  ],
  'contact-scheme': [{ broken: sample('INVITE', ['Contact: <tel:+12015550123>']), at: 'tel:+12015550123', kept: sample('REGISTER sip:a.example', ['Contact: <mailto:bob@a.example>']) }],
  'private-contact': [
    { broken: sample('INVITE', ['Contact: <sip:a@192.168.1.7:5060>']), at: 'sip:a@192.168.1.7:5060', kept: sample('INVITE', ['Contact: <sip:a@192.0.2.7>']) },
    { broken: sample('INVITE', ['Contact: <sip:a@[fe80::1]>']), at: 'sip:a@[fe80::1]', kept: sample('INVITE', ['Contact: <sip:a@172.32.0.1>']) },
  ],
  'redirect-contact': [{ broken: sample('INVITE 302'), at: 'SIP/2.0 302 Reason', kept: sample('INVITE 302', ['Contact: <sip:b@c.example>']) }],
  'instance-id': [{ broken: sample('REGISTER sip:a.example', ['Contact: <sip:a@b.example>;reg-id=1']), at: 'sip:a@b.example', kept: sample('REGISTER sip:a.example', ['Contact: <sip:a@b.example>;reg-id=1;+sip.instance="<urn:uuid:1>"']) }],
  'sips-contact': [
    { broken: sample('INVITE sips:bob@biloxi.example.com'), at: 'sip:alice@client.atlanta.example.com', kept: sample('INVITE sips:bob@biloxi.example.com', ['Contact: <sips:a@b.example>']) },
    { broken: sample('INVITE', ['Route: <sips:p.example;lr>']), at: 'sip:alice@client.atlanta.example.com', kept: sample('REGISTER sips:biloxi.example.com', ['Contact: <sip:a@b.example>']) },
  ],
  'sips-record-route': [{ broken: sample('INVITE sips:bob@biloxi.example.com', ['Record-Route: <sip:p.example;lr>']), at: 'sip:p.example;lr', kept: sample('INVITE sips:bob@biloxi.example.com', ['Record-Route: <sips:p.example;lr>']) }],
  'sips-transport': [{ broken: sample('INVITE sips:bob@biloxi.example.com'), at: 'UDP', kept: sample('INVITE sips:bob@biloxi.example.com', ['Via: SIP/2.0/TLS a.example;branch=z9hG4bK1']) }],
  'transport-tls': [{ broken: sample('INVITE', ['Contact: <sip:a@b.example;transport=tls>']), at: 'sip:a@b.example;transport=tls', kept: sample('INVITE', ['Contact: <sip:a@b.example;transport=tcp>']) }],
  'uri-component': [
    { broken: sample('INVITE', ['To: <sip:bob@biloxi.example.com:5060>']), at: '<sip:bob@biloxi.example.com:5060>', kept: sample('INVITE', ['Contact: <sip:bob@biloxi.example.com:5060>']) },
    { broken: sample('INVITE sip:bob@b.example;method=BYE'), at: 'method=', kept: sample('INVITE sip:bob@b.example;user=phone') },
    { broken: sample('INVITE', ['Route: <sip:p.example;lr;ttl=1>']), at: 'sip:p.example;lr;ttl=1', kept: sample('INVITE', ['Route: <sip:p.example;lr;transport=tcp>']) },
  ],
  'register-uri': [{ broken: sample('REGISTER sip:bob@biloxi.example.com'), at: 'sip:bob@biloxi.example.com', kept: sample('REGISTER sip:biloxi.example.com') }],
  'record-route-lr': [{ broken: sample('INVITE', ['Record-Route: <sip:p.example>']), at: 'sip:p.example', kept: sample('INVITE', ['Record-Route: <sip:p.example;lr=on>']) }],
  'route-lr': [{ broken: sample('INVITE', ['Route: <sip:a.example;lr>, <sip:b.example>']), at: 'sip:b.example', kept: sample('INVITE', ['Route: <sip:a.example;lr>']) }],
  'digest-parameters': [
    { broken: sample('INVITE', [`Authorization: ${digest.replace(', uri="sip:ss2.example.com"', '')}`]), at: digest.replace(', uri="sip:ss2.example.com"', ''), kept: sample('INVITE', [`Authorization: ${digest}`]) },
    { broken: sample('INVITE', [`Proxy-Authorization: ${digest}, qop=auth`]), at: `${digest}, qop=auth`, kept: sample('INVITE', [`Proxy-Authorization: ${digest}, qop=auth, nc=00000001, cnonce="a"`]) },
    { broken: sample('INVITE 401', ['WWW-Authenticate: Digest realm="a"']), at: 'Digest realm="a"', kept: sample('INVITE 401', ['WWW-Authenticate: Bearer realm="a"']) },
  ],
  'extension-required': [{ broken: sample('INVITE 421'), at: 'SIP/2.0 421 Reason', kept: sample('INVITE 421', ['Require: timer']) }],
  'unsupported-media': [{ broken: sample('INVITE 415'), at: 'SIP/2.0 415 Reason', kept: sample('INVITE 415', ['Accept-Encoding: gzip']) }],
  'unknown-option-tag': [{ broken: sample('INVITE', ['Supported: timer, warp9']), at: 'warp9', kept: sample('INVITE', ['Supported: timer, 100rel, Path']) }],
  'deprecated-header': [{ broken: sample('INVITE', ['Hide: route']), at: 'route', kept: sample('INVITE', ['X-Hide: route']) }],
  'sdp-disposition': [{ broken: sample('INVITE', [...sdp, 'Content-Disposition: render'], 'v=0'), at: 'render', kept: sample('INVITE', [...sdp, 'Content-Disposition: early-session;handling=required'], 'v=0') }],
  'reliable-rseq': [{ broken: sample('INVITE 183', ['Require: 100rel']), at: '100rel', kept: sample('INVITE 183', ['Require: 100rel', 'RSeq: 1']) }],
  'reliable-require': [{ broken: sample('INVITE 183', ['RSeq: 17']), at: '17', kept: sample('INVITE 183', ['Require: 100rel', 'RSeq: 1']) }],
  'reliable-100': [{ broken: sample('INVITE 100', ['Require: 100rel', 'RSeq: 1']), at: '100rel', kept: sample('INVITE 101', ['Require: 100rel', 'RSeq: 1']) }],
  'replaces-and-join': [{ broken: sample('INVITE', ['Replaces: 1@a;to-tag=1;from-tag=2', 'Join: 2@a;to-tag=1;from-tag=2']), at: '2@a;to-tag=1;from-tag=2', kept: sample('INVITE', ['Join: 2@a;to-tag=1;from-tag=2']) }],
  'dialog-reference': [
    { broken: sample('INVITE', ['Replaces: 1@a;from-tag=2']), at: '1@a;from-tag=2', section: 'RFC 3891 §6.1', kept: sample('INVITE', ['Replaces: 1@a;to-tag=1;from-tag=2']) },
    { broken: sample('INVITE', ['Target-Dialog: 1@a;local-tag=2']), at: '1@a;local-tag=2', section: 'RFC 4538 §7', kept: sample('INVITE', ['Target-Dialog: 1@a;local-tag=2;remote-tag=1']) },
  ],
  'session-interval': [
    { broken: sample('INVITE', ['Session-Expires: 89;refresher=uac']), at: '89;refresher=uac', kept: sample('INVITE', ['x: 90;refresher=uac']) },
    { broken: sample('INVITE', ['Session-Expires: 100', 'Min-SE: 120']), at: '100', kept: sample('INVITE', ['Session-Expires: 120', 'Min-SE: 120']) },
  ],
  'session-refresher': [{ broken: sample('INVITE 200', ['Session-Expires: 1800']), at: '1800', kept: sample('INVITE', ['Session-Expires: 1800']) }],
  'session-require': [{ broken: sample('INVITE 200', ['Session-Expires: 1800;refresher=uac']), at: '1800;refresher=uac', kept: sample('INVITE 200', ['Session-Expires: 1800;refresher=uac', 'Require: timer']) }],
  'privacy-values': [
    { broken: sample('INVITE', ['Privacy: none;id']), at: 'none;id', kept: sample('INVITE', ['Privacy: user;id;critical']) },
    { broken: sample('INVITE', ['Privacy: critical']), at: 'critical', kept: sample('INVITE', ['Privacy: none']) },
  ],
  'asserted-identity': [{ broken: sample('INVITE', ['P-Asserted-Identity: <sip:a@b.example>, <sip:c@b.example>']), at: '<sip:a@b.example>, <sip:c@b.example>', kept: sample('INVITE', ['P-Asserted-Identity: <sip:a@b.example>, <tel:+12015550123>']) }],
  'identity-date': [{ broken: sample('INVITE', ['Identity: a.b.c;info=<https://cert.example/c.pem>']), at: 'a.b.c;info=<https://cert.example/c.pem>', kept: sample('INVITE', ['Identity: a.b.c;info=<https://cert.example/c.pem>', 'Date: Sat, 13 Nov 2010 23:29:00 GMT']) }],
  'subscription-state': [{ broken: sample('NOTIFY', ['Subscription-State: active']), at: 'active', kept: sample('NOTIFY', ['Subscription-State: terminated']) }],
}

describe('validateMessage, rule by rule', () => {
  for (const rule of rules) {
    it.each(cases[rule.code])(`${rule.code}: $broken`, ({ broken, at, section, kept }) => {
      const found = linted(broken).filter(({ code }) => code === rule.code)
      expect(found).toHaveLength(1)
      const [{ offset, length = 0, severity, section: read } = { offset: -1, severity: undefined, section: undefined }] = found
      expect(broken.slice(offset, offset + length)).toBe(at)
      expect({ severity, section: read }).toEqual({ severity: rule.severity, section: section ?? rule.section })
      expect(linted(kept).filter(({ code }) => code === rule.code)).toEqual([])
    })
  }
  it('has a case for every rule but cseq-method, which parseMessage refuses', () => {
    expect(rules.filter(({ code }) => cases[code].length === 0).map(({ code }) => code)).toEqual(['cseq-method'])
  })
})

describe('validateMessage', () => {
  it('finds nothing in messages without fault', () => {
    for (const start of ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER sip:example.com', 'PRACK', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'INFO', 'MESSAGE', 'UPDATE', 'PUBLISH', 'INVITE 180', 'INVITE 200', 'BYE 200', 'INVITE 486'])
      expect(linted(sample(start)), start).toEqual([])
  })
  it('RFC 3261 §8.1.1.5 cseq-method: a request whose method was changed', () => {
    const request = parsedRequest(sample('BYE'))
    request.method = 'INFO'
    expect(validateMessage(request)).toMatchObject([{ code: 'cseq-method', severity: 'error', header: 'CSeq', section: 'RFC 3261 §8.1.1.5' }])
  })
  it('gives what is found in the order of the message, with what the parser noticed and what the grammar forbids', () => {
    const text = sample('INVITE', ['Subject: a', 'Subject: b', 'Expires: soon', '-Contact'])
    expect(linted(`${text}more`).map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error missing-header', 'error repeated-header', 'error header-value', 'warning trailing-octets'])
  })
  it('counts in the octets, or without them in what is written', () => {
    const text = `\r\n${sample('INVITE', ['From: "Zo\u00eb" <sip:zoe@a.example>;tag=1', 'Require: warp9']).replace(/\r\n/g, '\n')}`
    const octets = bytesOf(text)
    const message = parsed(octets)
    const at = (bytes: Uint8Array, found: readonly Diagnostic[]): string[] =>
      found.filter(({ code }) => code === 'unknown-option-tag').map(({ offset, length = 0 }) => textOf(bytes.subarray(offset, offset + length)))
    expect(at(octets, validateMessage(message, octets))).toEqual(['warp9'])
    expect(at(serializeMessage(message), validateMessage(message))).toEqual(['warp9'])
  })
  it('takes a message that was built', () => {
    const request = createRequest({ method: 'OPTIONS', requestUri: 'sip:bob@biloxi.example.com', headers: [['CSeq', '1 OPTIONS']] })
    expect(validateMessage(request).map(({ code, header }) => `${code} ${header ?? ''}`)).toEqual(expect.arrayContaining(['missing-header Call-ID', 'missing-header From', 'missing-header To', 'missing-header Via']))
  })
})
