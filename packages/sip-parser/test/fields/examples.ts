import * as fields from '../../src/fields/index.js'
import { AbsoluteUri, CSeq, Credentials, Challenge, type HeaderField, NameAddr, type ParameterList, parseUri, type Uri, Via } from '../../src/index.js'

/** A header field as an RFC shows it, what is in it, and the same from the builders. */
export interface Example {
  readonly field: HeaderField<unknown>
  /** Number of the RFC that has this text, 0 when none of those at hand shows one. */
  readonly rfc: number
  readonly text: string
  /** What the typed values are to match, one entry for each. */
  readonly expected: readonly unknown[]
  readonly built: readonly unknown[]
}

function example<T>(field: HeaderField<T>, rfc: number, text: string, expected: readonly unknown[], ...built: readonly T[]): Example {
  return { field, rfc, text, expected, built }
}
/** A field whose values are text or numbers: what is read is what is built. */
function plain<T extends string | number>(field: HeaderField<T>, rfc: number, text: string, ...values: readonly T[]): Example {
  return { field, rfc, text, expected: values, built: values }
}
export function uriOf(text: string): Uri {
  const uri = parseUri(text)
  if (!uri.ok) throw uri.error
  return uri.value
}
const address = (uri: string, parameters: ParameterList = [], displayName?: string): NameAddr => NameAddr.of({ displayName, uri: uriOf(uri), parameters })
const { TokenValue, UriValue, TextValue, NumberValue, MediaType } = fields
const token = (text: string, ...parameters: readonly (readonly [string, string | number])[]): fields.TokenValue => TokenValue.of(text, parameters)

const basic: readonly Example[] = [
  example(fields.accept, 3261, 'application/sdp;level=1, application/x-private, text/html', [{ type: 'application', subtype: 'sdp' }, { essence: 'application/x-private' }, { essence: 'text/html' }],
    MediaType.of('application', 'sdp', [['level', 1]]), MediaType.of('application', 'x-private'), MediaType.of('text', 'html')),
  example(fields.acceptEncoding, 3261, 'gzip', [{ token: 'gzip' }], token('gzip')),
  example(fields.acceptLanguage, 3261, 'da, en-gb;q=0.8, en;q=0.7', [{ token: 'da' }, { token: 'en-gb' }, { token: 'en' }], token('da'), token('en-gb', ['q', 0.8]), token('en', ['q', 0.7])),
  example(fields.alertInfo, 3261, '<http://www.example.com/sounds/moo.wav>', [{ uri: { scheme: 'http' } }], UriValue.of(AbsoluteUri.of('http', '//www.example.com/sounds/moo.wav'))),
  plain(fields.allow, 3261, 'INVITE, ACK, OPTIONS, CANCEL, BYE', 'INVITE', 'ACK', 'OPTIONS', 'CANCEL', 'BYE'),
  example(fields.authenticationInfo, 3261, 'nextnonce="47364c23432d2e131a5fb210812c"', [{ nextNonce: '47364c23432d2e131a5fb210812c', qop: undefined }], fields.AuthenticationInfo.of([['nextnonce', '47364c23432d2e131a5fb210812c']])),
  example(fields.authorization, 3261, 'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", response="7587245234b3434cc3412213e5f113a5432"', [{ scheme: 'Digest', username: 'Alice', realm: 'atlanta.com' }],
    Credentials.of('Digest', [['username', 'Alice'], ['realm', 'atlanta.com'], ['nonce', '84a4cc6f3082121f32b42a2187831a9e'], ['response', '7587245234b3434cc3412213e5f113a5432']])),
  plain(fields.callId, 3261, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com'),
  example(fields.callInfo, 3261, '<http://wwww.example.com/alice/photo.jpg> ;purpose=icon, <http://www.example.com/alice/> ;purpose=info', [{ uri: { opaque: '//wwww.example.com/alice/photo.jpg' } }, { uri: { opaque: '//www.example.com/alice/' } }],
    UriValue.of(uriOf('http://wwww.example.com/alice/photo.jpg'), [['purpose', 'icon']]), UriValue.of(uriOf('http://www.example.com/alice/'), [['purpose', 'info']])),
  example(fields.callInfo, 9796, '<https://example.com/jbond.json>;purpose=jcard; call-reason="For your ears only"', [{ uri: { scheme: 'https' } }], UriValue.of(uriOf('https://example.com/jbond.json'), [['purpose', 'jcard'], ['call-reason', 'For your ears only']])),
  example(fields.callInfo, 9796, '<data:>;purpose=jcard; call-reason="For your ears only"', [{ uri: { scheme: 'data', opaque: '' } }], UriValue.of(AbsoluteUri.of('data', ''), [['purpose', 'jcard'], ['call-reason', 'For your ears only']])),
  example(fields.contact, 3261, '"Mr. Watson" <sip:watson@worcester.bell-telephone.com> ;q=0.7; expires=3600, "Mr. Watson" <mailto:watson@bell-telephone.com> ;q=0.1', [{ displayName: 'Mr. Watson', uri: { user: 'watson' } }, { uri: { scheme: 'mailto' } }],
    address('sip:watson@worcester.bell-telephone.com', [['q', 0.7], ['expires', 3600]], 'Mr. Watson'), address('mailto:watson@bell-telephone.com', [['q', 0.1]], 'Mr. Watson')),
  example(fields.contact, 3261, '*', ['*'], '*'),
  example(fields.contentDisposition, 3261, 'session;handling=optional', [{ token: 'session' }], token('session', ['handling', 'optional'])),
  plain(fields.contentEncoding, 3261, 'gzip', 'gzip'),
  plain(fields.contentId, 8262, '<target123@atlanta.example.com>', '<target123@atlanta.example.com>'),
  plain(fields.contentLanguage, 3261, 'fr', 'fr'),
  plain(fields.contentLength, 3261, '142', 142),
  example(fields.contentType, 3261, 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', [{ essence: 'application/pkcs7-mime' }], MediaType.of('application', 'pkcs7-mime', [['smime-type', 'enveloped-data'], ['name', 'smime.p7m']])),
  example(fields.cseq, 3261, '4711 INVITE', [{ sequence: 4711, method: 'INVITE' }], CSeq.of(4711, 'INVITE')),
  example(fields.date, 3261, 'Sat, 13 Nov 2010 23:29:00 GMT', [{ epochSeconds: Date.UTC(2010, 10, 13, 23, 29, 0) / 1000 }], fields.SipDate.of(1289690940)),
  example(fields.errorInfo, 3261, '<sip:not-in-service-recording@atlanta.com>', [{ uri: { user: 'not-in-service-recording' } }], UriValue.of(uriOf('sip:not-in-service-recording@atlanta.com'))),
  plain(fields.expires, 3261, '7200', 7200),
  example(fields.from, 3261, '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s', [{ displayName: 'A. G. Bell', tag: 'a48s' }], address('sip:agb@bell-telephone.com', [['tag', 'a48s']], 'A. G. Bell')),
  plain(fields.inReplyTo, 3261, '70710@saturn.bell-tel.com, 17320@saturn.bell-tel.com', '70710@saturn.bell-tel.com', '17320@saturn.bell-tel.com'),
  plain(fields.maxForwards, 3261, '6', 6),
  plain(fields.minExpires, 3261, '60', 60),
  plain(fields.mimeVersion, 3261, '1.0', '1.0'),
  plain(fields.organization, 3261, 'Boxes by Bob', 'Boxes by Bob'),
  plain(fields.priority, 3261, 'non-urgent', 'non-urgent'),
  example(fields.proxyAuthenticate, 3261, 'Digest realm="atlanta.com", domain="sip:ss1.carrier.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5', [{ realm: 'atlanta.com', stale: false, qop: ['auth'] }],
    Challenge.of('Digest', [['realm', 'atlanta.com'], ['domain', 'sip:ss1.carrier.com'], ['qop', 'auth'], ['nonce', 'f84f1cec41e6cbe5aea9c8e88d359'], ['opaque', ''], ['stale', 'FALSE'], ['algorithm', 'MD5']])),
  example(fields.proxyAuthorization, 3261, 'Digest username="Alice", realm="atlanta.com", nonce="c60f3082ee1212b402a21831ae", response="245f23415f11432b3434341c022"', [{ response: '245f23415f11432b3434341c022' }],
    Credentials.of('Digest', [['username', 'Alice'], ['realm', 'atlanta.com'], ['nonce', 'c60f3082ee1212b402a21831ae'], ['response', '245f23415f11432b3434341c022']])),
  plain(fields.proxyRequire, 3261, 'foo', 'foo'),
  example(fields.recordRoute, 3261, '<sip:server10.biloxi.com;lr>, <sip:bigbox3.site3.atlanta.com;lr>', [{ uri: { isLooseRouter: true } }, { uri: { host: 'bigbox3.site3.atlanta.com' } }], address('sip:server10.biloxi.com;lr'), address('sip:bigbox3.site3.atlanta.com;lr')),
  example(fields.replyTo, 3261, 'Bob <sip:bob@biloxi.com>', [{ displayName: 'Bob' }], address('sip:bob@biloxi.com', [], 'Bob')),
  plain(fields.require, 3261, '100rel', '100rel'),
  example(fields.retryAfter, 3261, '18000;duration=3600', [{ seconds: 18000, comment: undefined, duration: 3600 }], fields.RetryAfter.of(18000, { duration: 3600 })),
  example(fields.retryAfter, 3261, "120 (I'm in a meeting)", [{ seconds: 120, comment: "I'm in a meeting", duration: undefined }], fields.RetryAfter.of(120, { comment: "I'm in a meeting" })),
  example(fields.route, 3261, '<sip:bigbox3.site3.atlanta.com;lr>, <sip:server10.biloxi.com;lr>', [{}, {}], address('sip:bigbox3.site3.atlanta.com;lr'), address('sip:server10.biloxi.com;lr')),
  plain(fields.server, 3261, 'HomeServer v2', 'HomeServer v2'),
  plain(fields.subject, 3261, "I know you're there, pick up the phone and talk to me!", "I know you're there, pick up the phone and talk to me!"),
  plain(fields.supported, 3261, '100rel', '100rel'),
  example(fields.timestamp, 3261, '54', [{ time: 54, delay: undefined }], fields.Timestamp.of(54)),
  example(fields.to, 3261, 'The Operator <sip:operator@cs.columbia.edu>;tag=287447', [{ displayName: 'The Operator', tag: '287447' }], address('sip:operator@cs.columbia.edu', [['tag', '287447']], 'The Operator')),
  plain(fields.unsupported, 3261, 'foo', 'foo'),
  plain(fields.userAgent, 3261, 'Softphone Beta1.5', 'Softphone Beta1.5'),
  example(fields.via, 3261, 'SIP/2.0/UDP server10.biloxi.com ;branch=z9hG4bKnashds8;received=192.0.2.3', [{ transport: 'UDP', host: 'server10.biloxi.com', received: '192.0.2.3' }],
    Via.of({ transport: 'UDP', host: 'server10.biloxi.com', parameters: [['branch', 'z9hG4bKnashds8'], ['received', '192.0.2.3']] })),
  example(fields.warning, 3261, '307 isi.edu "Session parameter \'foo\' not understood"', [{ code: 307, agent: 'isi.edu', text: "Session parameter 'foo' not understood" }], fields.Warning.of(307, 'isi.edu', "Session parameter 'foo' not understood")),
  example(fields.wwwAuthenticate, 3261, 'Digest realm="biloxi.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"', [{ qop: ['auth', 'auth-int'] }],
    Challenge.of('Digest', [['realm', 'biloxi.com'], ['qop', 'auth,auth-int'], ['nonce', 'dcd98b7102dd2f0e8b11d0f600bfb0c093'], ['opaque', '5ccc069c403ebaf9f0171e9517f40e41']])),
]

const calls: readonly Example[] = [
  example(fields.answerMode, 5373, 'Manual;require', [{ token: 'Manual' }], token('Manual', ['require', ''])),
  example(fields.privAnswerMode, 0, 'Auto', [{ token: 'Auto' }], token('Auto')),
  example(fields.infoPackage, 6086, 'foo', [{ token: 'foo' }], token('foo')),
  example(fields.recvInfo, 6086, 'P, R', [{ token: 'P' }, { token: 'R' }], token('P'), token('R')),
  example(fields.join, 3911, '12adf2f34456gs5;to-tag=12345;from-tag=54321', [{ callId: '12adf2f34456gs5', toTag: '12345', fromTag: '54321' }], fields.Join.of('12adf2f34456gs5', { toTag: '12345', fromTag: '54321' })),
  example(fields.minSE, 4028, '3600', [{ number: 3600 }], NumberValue.of(3600)),
  example(fields.rAck, 3262, '776656 1 INVITE', [{ responseNumber: 776656, sequence: 1, method: 'INVITE' }], fields.RAck.of(776656, 1, 'INVITE')),
  plain(fields.rSeq, 3262, '988789', 988789),
  example(fields.reason, 3326, 'SIP ;cause=200 ;text="Call completed elsewhere"', [{ protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' }], fields.Reason.of('SIP', { cause: 200, text: 'Call completed elsewhere' })),
  example(fields.reason, 3326, 'Q.850 ;cause=16 ;text="Terminated"', [{ protocol: 'Q.850', cause: 16, text: 'Terminated' }], fields.Reason.of('Q.850', { cause: 16, text: 'Terminated' })),
  example(fields.replaces, 3891, '98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff', [{ callId: '98732@sip.example.com', fromTag: 'r33th4x0r', toTag: 'ff87ff', earlyOnly: false }]),
  example(fields.replaces, 3891, '12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only', [{ earlyOnly: true }], fields.Replaces.of('12adf2f34456gs5', { toTag: '12345', fromTag: '54321', earlyOnly: true })),
  example(fields.sessionExpires, 4028, '4000;refresher=uac', [{ seconds: 4000, refresher: 'uac' }], fields.SessionExpires.of(4000, 'uac')),
  example(fields.sessionId, 7989, 'ab30317f1a784dc48ff824d0d3715d86; remote=47755a9de7794ba387653f2099600ef2', [{ local: 'ab30317f1a784dc48ff824d0d3715d86', remote: '47755a9de7794ba387653f2099600ef2' }],
    fields.SessionId.of('ab30317f1a784dc48ff824d0d3715d86', '47755a9de7794ba387653f2099600ef2')),
  example(fields.sessionId, 7989, 'ab30317f1a784dc48ff824d0d3715d86 ;remote=00000000000000000000000000000000', [{ remote: fields.SessionId.nil }], fields.SessionId.of('ab30317f1a784dc48ff824d0d3715d86', fields.SessionId.nil)),
  example(fields.targetDialog, 4538, 'fa77as7dad8-sd98ajzz@host.example.com ;local-tag=kkaz- ;remote-tag=6544', [{ localTag: 'kkaz-', remoteTag: '6544' }], fields.TargetDialog.of('fa77as7dad8-sd98ajzz@host.example.com', { localTag: 'kkaz-', remoteTag: '6544' })),
  example(fields.userToUser, 7433, '56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar', [{ text: '56a390f3d2b7310023a2' }], TextValue.of('56a390f3d2b7310023a2', [['encoding', 'hex'], ['purpose', 'foo'], ['content', 'bar']])),
]

const events: readonly Example[] = [
  plain(fields.allowEvents, 0, 'presence, dialog.winfo', 'presence', 'dialog.winfo'),
  example(fields.event, 0, 'dialog;call-id="a@b";include-session-description', [{ token: 'dialog' }], token('dialog', ['call-id', '"a@b"'], ['include-session-description', ''])),
  example(fields.subscriptionState, 0, 'Terminated;reason=probation;retry-after=30', [{ state: 'terminated', reason: 'probation', retryAfter: 30, expires: undefined }], fields.SubscriptionState.of('terminated', { reason: 'probation', retryAfter: 30 })),
  example(fields.referEventsAt, 7614, '<sips:vPT3izGmo8NTxaPADRZvEAY22BKx@example.com;gr>', [{ uri: { scheme: 'sips' } }], UriValue.of(uriOf('sips:vPT3izGmo8NTxaPADRZvEAY22BKx@example.com;gr'))),
  example(fields.referSub, 4488, 'false', [{ token: 'false' }], token('false')),
  example(fields.referTo, 3515, 'sip:alice@atlanta.example.com', [{ uri: { user: 'alice' } }], address('sip:alice@atlanta.example.com')),
  example(fields.referredBy, 3892, '<sip:referrer@referrer.example> ;cid="20398823.2UWQFN309shb3@referrer.example"', [{ uri: { user: 'referrer' } }], address('sip:referrer@referrer.example', [['cid', '20398823.2UWQFN309shb3@referrer.example']])),
  plain(fields.sipETag, 3903, 'dx200xyz', 'dx200xyz'),
  plain(fields.sipIfMatch, 3903, 'kwj449x', 'kwj449x'),
  plain(fields.suppressIfMatch, 0, '*', '*'),
]

const routing: readonly Example[] = [
  example(fields.acceptContact, 3841, '*;mobility="mobile";methods="INVITE"', [{ token: '*' }], token('*', ['mobility', '"mobile"'], ['methods', '"INVITE"'])),
  example(fields.rejectContact, 3841, '*;actor="msg-taker";video', [{ token: '*' }], token('*', ['actor', '"msg-taker"'], ['video', ''])),
  plain(fields.requestDisposition, 3841, 'proxy, recurse, parallel', 'proxy', 'recurse', 'parallel'),
  example(fields.acceptResourcePriority, 4412, 'dsn.flash-override, dsn.flash, dsn.immediate, dsn.priority, dsn.routine', [{ namespace: 'dsn', priority: 'flash-override' }, {}, {}, {}, { priority: 'routine' }],
    ...['flash-override', 'flash', 'immediate', 'priority', 'routine'].map((priority) => fields.ResourceValue.of('dsn', priority))),
  example(fields.resourcePriority, 4412, 'wps.3, dsn.flash', [{ namespace: 'wps', priority: '3' }, { namespace: 'dsn', priority: 'flash' }], fields.ResourceValue.of('wps', '3'), fields.ResourceValue.of('dsn', 'flash')),
  example(fields.diversion, 5806, '<sip:WeSellPizza@p2.isp.com> ;reason=time-of-day', [{ uri: { user: 'WeSellPizza' } }], address('sip:WeSellPizza@p2.isp.com', [['reason', 'time-of-day']])),
  example(fields.featureCaps, 8599, '*;+sip.pns="acme";+sip.pnsreg="121"', [{ token: '*' }], token('*', ['+sip.pns', '"acme"'], ['+sip.pnsreg', '"121"'])),
  plain(fields.flowTimer, 0, '120', 120),
  example(fields.geolocation, 6442, '<cid:target123@atlanta.example.com>', [{ uri: { scheme: 'cid', opaque: 'target123@atlanta.example.com' } }], UriValue.of(uriOf('cid:target123@atlanta.example.com'))),
  example(fields.geolocationError, 6442, '100 ; code="Cannot Process Location"', [{ number: 100 }], NumberValue.of(100, [['code', 'Cannot Process Location']])),
  example(fields.geolocationRouting, 6442, 'no', [{ token: 'no' }], token('no')),
  example(fields.historyInfo, 7044, '<sip:UserA@ims.example.com>;index=1;foo=bar', [{ index: '1', target: undefined, reason: undefined }]),
  example(fields.historyInfo, 0, '<sip:UserA@ims.example.com?Reason=SIP%3Bcause%3D302>;index=1.1, <sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.2;mp=1.1',
    [{ index: '1.1', reason: 'SIP;cause=302', privacy: undefined }, { index: '1.2', target: ['mp', '1.1'], reason: 'SIP;cause=486', privacy: 'history' }],
    fields.HistoryEntry.of({ uri: uriOf('sip:UserA@ims.example.com?Reason=SIP%3Bcause%3D302') }, { index: '1.1' }),
    fields.HistoryEntry.of({ uri: uriOf('sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486') }, { index: '1.2', target: ['mp', '1.1'] })),
  plain(fields.maxBreadth, 0, '60', 60),
  example(fields.path, 3327, '<sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>', [{}, { uri: { host: 'P1.EXAMPLEVISITED.COM' } }], address('sip:P3.EXAMPLEHOME.COM;lr'), address('sip:P1.EXAMPLEVISITED.COM;lr')),
  example(fields.permissionMissing, 5360, 'sip:C@example.com', [{ uri: { user: 'C' } }], address('sip:C@example.com')),
  example(fields.policyContact, 0, '<sip:policy@example.com>;non-cacheable;alt-uri=p.example.com', [{ uri: { user: 'policy' } }], UriValue.of(uriOf('sip:policy@example.com'), [['non-cacheable', ''], ['alt-uri', 'p.example.com']])),
  example(fields.policyId, 0, 'sip:policy@example.com;token=ab1', [{ uri: { user: 'policy' } }], UriValue.bare(uriOf('sip:policy@example.com'), [['token', 'ab1']])),
  example(fields.serviceRoute, 3608, '<sip:P2.HOME.EXAMPLE.COM;lr>, <sip:HSP.HOME.EXAMPLE.COM;lr>', [{}, {}], address('sip:P2.HOME.EXAMPLE.COM;lr'), address('sip:HSP.HOME.EXAMPLE.COM;lr')),
  example(fields.triggerConsent, 5360, 'sip:123@relay.example.com ;target-uri="sip:friends@relay.example.com"', [{ uri: { user: '123' } }], UriValue.bare(uriOf('sip:123@relay.example.com'), [['target-uri', '"sip:friends@relay.example.com"']])),
]

const identity: readonly Example[] = [
  example(fields.identity, 0, 'eyJhbGciOiJFUzI1NiJ9.eyJ_X-8.rq3pjT1h/+w==;info=<https://cert.example.org/passport.cer;v=1>;alg=ES256;ppt=shaken', [{ digest: 'eyJhbGciOiJFUzI1NiJ9.eyJ_X-8.rq3pjT1h/+w==', info: 'https://cert.example.org/passport.cer;v=1', alg: 'ES256', ppt: 'shaken' }],
    fields.Identity.of({ digest: 'eyJhbGciOiJFUzI1NiJ9.eyJ_X-8.rq3pjT1h/+w==', info: 'https://cert.example.org/passport.cer;v=1', alg: 'ES256', ppt: 'shaken' })),
  example(fields.identity, 4474, '"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a1pxAr3VgrB0SsSAaifsRdiOPoQZYOy2wrVghuhcsMbHWUSFxI6p6q5TOQXHMmz6uEo3svJsSH49thyGnFVcnyaZ++yRlBYYQTLqWzJ+KVhPKbfU/pryhVn9Yc6U="', [{ info: undefined }]),
  example(fields.identityInfo, 4474, '<https://atlanta.example.com/atlanta.cer>;alg=rsa-sha1', [{ uri: { scheme: 'https' } }], UriValue.of(uriOf('https://atlanta.example.com/atlanta.cer'), [['alg', 'rsa-sha1']])),
  example(fields.pAssertedIdentity, 3325, '"Cullen Jennings" <sip:fluffy@cisco.com>', [{ displayName: 'Cullen Jennings' }], address('sip:fluffy@cisco.com', [], 'Cullen Jennings')),
  example(fields.pAssertedIdentity, 3325, 'tel:+14085264000', [{ uri: { number: '+14085264000' } }], address('tel:+14085264000')),
  example(fields.pPreferredIdentity, 3325, '"Cullen Jennings" <sip:fluffy@cisco.com>', [{ displayName: 'Cullen Jennings' }], address('sip:fluffy@cisco.com', [], 'Cullen Jennings')),
  example(fields.privacy, 0, 'Header; USER ;critical', [{ values: ['header', 'user', 'critical'] }], fields.Privacy.of('header', 'user', 'critical')),
  example(fields.securityClient, 3329, 'digest', [{ mechanism: 'digest', preference: undefined }], fields.SecurityMechanism.of('digest')),
  example(fields.securityServer, 3329, 'tls;q=0.2', [{ mechanism: 'tls', preference: 0.2 }], fields.SecurityMechanism.of('tls', { preference: 0.2 })),
  example(fields.securityVerify, 3329, 'ipsec-ike;q=0.1', [{ mechanism: 'ipsec-ike', preference: 0.1 }], fields.SecurityMechanism.of('ipsec-ike', { preference: 0.1 })),
]

const operators: readonly Example[] = [
  example(fields.pAccessNetworkInfo, 0, '3GPP-E-UTRAN-FDD; utran-cell-id-3gpp="234151D0FCE11";network-provided', [{ token: '3GPP-E-UTRAN-FDD' }], token('3GPP-E-UTRAN-FDD', ['utran-cell-id-3gpp', '"234151D0FCE11"'], ['network-provided', ''])),
  example(fields.pAnswerState, 0, 'Unconfirmed', [{ token: 'Unconfirmed' }], token('Unconfirmed')),
  example(fields.pAssertedService, 6050, 'urn:urn-7:3gpp-service.exampletelephony.version1', [{ uri: { scheme: 'urn' } }], UriValue.bare(uriOf('urn:urn-7:3gpp-service.exampletelephony.version1'))),
  example(fields.pPreferredService, 6050, 'urn:urn-7:3gpp-service.exampletelephony.version1', [{ uri: { scheme: 'urn' } }], UriValue.bare(uriOf('urn:urn-7:3gpp-service.exampletelephony.version1'))),
  example(fields.pAssociatedUri, 0, '<sip:alice@example.com>, <tel:+12125550100>', [{}, { uri: { scheme: 'tel' } }], address('sip:alice@example.com'), address('tel:+12125550100')),
  example(fields.pCalledPartyId, 7315, '<sip:user1-business@example.com>', [{ uri: { user: 'user1-business' } }], address('sip:user1-business@example.com')),
  example(fields.pChargeInfo, 8496, '<sip:+14075550134@example.net;user=phone>', [{ uri: { user: '+14075550134' } }], address('sip:+14075550134@example.net;user=phone')),
  example(fields.pChargingFunctionAddresses, 7315, 'ccf=192.0.8.1; ecf=192.0.8.3, ccf-2=192.0.8.2; ecf-2=192.0.8.4', [{}, {}],
    fields.ParameterSet.of([['ccf', '192.0.8.1'], ['ecf', '192.0.8.3']]), fields.ParameterSet.of([['ccf-2', '192.0.8.2'], ['ecf-2', '192.0.8.4']])),
  example(fields.pChargingVector, 7315, 'icid-value=1234bc9876e; icid-generated-at=192.0.6.8; orig-ioi=home1.net', [{ icid: '1234bc9876e', generatedAt: '192.0.6.8', origIoi: 'home1.net', termIoi: undefined, transitIoi: undefined }],
    fields.ChargingVector.of({ icid: '1234bc9876e', generatedAt: '192.0.6.8', origIoi: 'home1.net' })),
  example(fields.pDcsBillingInfo, 0, '01234567890ABCDEF/0123456789ABCDEF@h.example.com;rksgroup=x', [{ word: '01234567890ABCDEF/0123456789ABCDEF@h.example.com' }], fields.WordValue.of('01234567890ABCDEF/0123456789ABCDEF@h.example.com', [['rksgroup', 'x']])),
  example(fields.pDcsLaes, 0, '[2001:db8::1]:5060;cccid=1234', [{ word: '[2001:db8::1]:5060' }], fields.WordValue.of('[2001:db8::1]:5060', [['cccid', '1234']])),
  plain(fields.pDcsOsps, 0, 'BLV', 'BLV'),
  example(fields.pDcsRedirect, 0, '"sip:+12125550100@example.com";redirector-uri="tel:+1";count=2', [{ text: 'sip:+12125550100@example.com' }], TextValue.of('sip:+12125550100@example.com', [['redirector-uri', '"tel:+1"'], ['count', 2]])),
  example(fields.pDcsTracePartyId, 5503, '<sip:+12345678912@domain.com;user=phone>; timestamp=3434688831.2327', [{ uri: { host: 'domain.com' } }], address('sip:+12345678912@domain.com;user=phone', [['timestamp', '3434688831.2327']])),
  plain(fields.pEarlyMedia, 0, 'sendrecv, gated', 'sendrecv', 'gated'),
  plain(fields.pMediaAuthorization, 0, '00ff7A', '00ff7A'),
  example(fields.pPrivateNetworkIndication, 7316, 'example.com', [{ word: 'example.com' }], fields.WordValue.of('example.com')),
  example(fields.pProfileKey, 5002, '<sip:chatroom-!.*!@example.com>', [{ uri: { user: 'chatroom-!.*!' } }], address('sip:chatroom-!.*!@example.com')),
  example(fields.pRefusedUriList, 0, 'sip:friends@example.com;members="<sip:bob@example.com>"', [{ uri: { user: 'friends' } }], address('sip:friends@example.com', [['members', '<sip:bob@example.com>']])),
  example(fields.pServedUser, 5502, '<sip:user@example.com>; sescase=orig; regstate=reg', [{ uri: { user: 'user' } }], address('sip:user@example.com', [['sescase', 'orig'], ['regstate', 'reg']])),
  example(fields.pServedUser, 8498, '<sip:user@example.com>; orig-cdiv; regstate=reg', [{}], address('sip:user@example.com', [['orig-cdiv', ''], ['regstate', 'reg']])),
  example(fields.pUserDatabase, 0, '<aaa://host.example.com;transport=tcp>', [{ uri: { scheme: 'aaa' } }], UriValue.of(uriOf('aaa://host.example.com;transport=tcp'))),
  example(fields.pVisitedNetworkId, 7315, 'other.net,"Visited network number 1"', [{ text: 'other.net' }, { text: 'Visited network number 1' }], TextValue.of('other.net'), TextValue.of('Visited network number 1')),
  ...[fields.additionalIdentity, fields.attestationInfo, fields.cellularNetworkInfo, fields.dcInfo, fields.originationId, fields.priorityShare, fields.priorityVerstat, fields.relayedCharge, fields.resourceShare, fields.responseSource,
    fields.restorationInfo, fields.serviceInteractInfo].map((field) => plain(field, 0, 'any; text="of the, network"', 'any; text="of the, network"')),
]

export const examples: readonly Example[] = [...basic, ...calls, ...events, ...routing, ...identity, ...operators]
