// Six kinds of message × 256 variants: what a phone and a proxy see on an ordinary day. Mean size about 1.2 KB.
import { seededWords, type Words } from './words.ts'

const kinds = ['INVITE', 'proxied INVITE', '200', 'REGISTER', 'ACK', 'NOTIFY'] as const
type Kind = (typeof kinds)[number]

const users = ['alice', 'bob', 'carol.jones', 'dave%20w', '+4930123456', '1001', 'reception', 'x-7f3a']
// No IPv6 and no empty display name: npm `sip` and `jssip` misread them, and every row is to do the same work.
const hosts = ['example.com', 'sip.example.org', 'pbx-07.berlin.example.net', '192.0.2.45']
const names = ['Alice', '"Bob \\"the\\" Builder"', '"Carol, Jones"', 'Reception Desk']
const agents = ['Softphone/4.2.1 (Linux)', 'Deskphone T54W 96.86.0.70', 'PBX/18.9.0', 'Browser/1.0']
const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, SUBSCRIBE, MESSAGE'

interface Parties {
  readonly words: Words
  readonly caller: string
  readonly callee: string
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly sequence: number
}

function parties(words: Words): Parties {
  const caller = `sip:${words.pick(users)}@${words.pick(hosts)}`
  const callee = `sip:${words.pick(users)}@${words.pick(hosts)}`
  return {
    words, caller, callee,
    from: `${words.pick(names)} <${caller}>;tag=${words.hex(10)}`,
    to: `<${callee}>`,
    callId: `${words.hex(20)}@${words.pick(hosts.slice(0, 3))}`,
    sequence: words.integer(1, 40_000),
  }
}

const via = (words: Words, transport = 'UDP', extra = ''): string =>
  `Via: SIP/2.0/${transport} ${words.pick(hosts)}:${words.integer(1025, 65_000)};branch=z9hG4bK${words.hex(16)}${extra}`

const address = (words: Words): string => `192.0.2.${words.integer(1, 255)}`

function description(words: Words): string {
  const host = address(words)
  return [
    'v=0', `o=- ${words.integer(1e8, 4e9)} ${words.integer(1, 9)} IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0',
    `m=audio ${words.integer(10_000, 60_000)} RTP/AVP 0 8 9 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:9 G722/8000',
    'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=ptime:20', 'a=maxptime:140', 'a=sendrecv',
    `a=rtcp:${words.integer(10_000, 60_000)} IN IP4 ${host}`, `a=ssrc:${words.integer(1e8, 4e9)} cname:${words.hex(16)}`, `a=ice-ufrag:${words.hex(8)}`, `a=ice-pwd:${words.hex(24)}`,
    `a=candidate:H${words.hex(8)} 1 UDP 2130706431 ${host} ${words.integer(10_000, 60_000)} typ host`, `a=candidate:H${words.hex(8)} 2 UDP 2130706430 ${host} ${words.integer(10_000, 60_000)} typ host`, '',
  ].join('\r\n')
}

const credentials = (words: Words, uri: string): string =>
  `Digest username="${words.pick(users)}", realm="example.com", nonce="${words.hex(32)}", uri="${uri}", response="${words.hex(32)}", algorithm=MD5, cnonce="${words.hex(12)}", opaque="${words.hex(8)}", qop=auth, nc=0000000${words.integer(1, 9)}`

const message = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const writers: Readonly<Record<Kind, (party: Parties) => string>> = {
  INVITE: ({ words, caller, callee, from, to, callId, sequence }) =>
    message([
      `INVITE ${callee} SIP/2.0`, via(words, 'UDP', ';rport'), 'Max-Forwards: 70', `From: ${from}`, `To: ${to}`, `Call-ID: ${callId}`, `CSeq: ${sequence} INVITE`,
      `Contact: <${caller};transport=udp;ob>`, `Allow: ${allow}`, 'Supported: replaces, 100rel, timer, norefersub', 'Session-Expires: 1800', 'Min-SE: 90',
      `User-Agent: ${words.pick(agents)}`, 'Accept: application/sdp', 'P-Early-Media: supported', 'Content-Type: application/sdp',
    ], description(words)),
  'proxied INVITE': ({ words, caller, callee, from, to, callId, sequence }) =>
    message([
      `INVITE ${callee};transport=tcp SIP/2.0`,
      ...Array.from({ length: 5 }, () => `Record-Route: <sip:${address(words)};lr;ftag=${words.hex(10)};did=${words.hex(6)}>`),
      ...Array.from({ length: 5 }, () => via(words, words.pick(['UDP', 'TCP', 'TLS']))), via(words, 'UDP', `;received=${address(words)};rport=${words.integer(1025, 65_000)}`),
      `Route: <sip:${address(words)};lr>, <sip:edge-${words.integer(1, 9)}.example.com;lr;transport=tcp>`,
      'Max-Forwards: 64', `From: ${from}`, `To: ${to}`, `Call-ID: ${callId}`, `CSeq: ${sequence} INVITE`, `Contact: <${caller}:5062;alias=${address(words)}~5062~1>`,
      `Proxy-Authorization: ${credentials(words, callee)}`, `P-Asserted-Identity: <${caller}>`, `Allow: ${allow}`, 'Supported: replaces, 100rel, timer, path, gruu',
      `User-Agent: ${words.pick(agents)}`, `P-Charging-Vector: icid-value=${words.hex(24)};icid-generated-at=${address(words)}`, 'Session-Expires: 1800;refresher=uac', 'Content-Type: application/sdp',
    ], description(words)),
  '200': ({ words, callee, from, to, callId, sequence }) =>
    message([
      'SIP/2.0 200 OK', via(words, 'UDP', `;received=${address(words)};rport=${words.integer(1025, 65_000)}`), `Record-Route: <sip:${address(words)};lr>`,
      `From: ${from}`, `To: ${to};tag=${words.hex(12)}`, `Call-ID: ${callId}`, `CSeq: ${sequence} INVITE`, `Contact: <${callee}:5060;transport=udp>`,
      `Allow: ${allow}`, 'Supported: replaces, timer', `Server: ${words.pick(agents)}`, 'Require: timer', 'Session-Expires: 1800;refresher=uac', 'Content-Type: application/sdp',
    ], description(words)),
  REGISTER: ({ words, caller, from, callId, sequence }) =>
    message([
      'REGISTER sip:example.com SIP/2.0', via(words, 'TCP', ';rport;alias'), 'Max-Forwards: 70', `From: ${from}`, `To: <${caller}>`, `Call-ID: ${callId}`, `CSeq: ${sequence} REGISTER`,
      `Contact: <${caller}:5062;transport=tcp>;expires=3600;+sip.instance="<urn:uuid:${words.hex(8)}-${words.hex(4)}-4${words.hex(3)}-8${words.hex(3)}-${words.hex(12)}>";reg-id=1`,
      `Authorization: ${credentials(words, 'sip:example.com')}`, 'Supported: path, outbound, gruu', `Allow: ${allow}`, `User-Agent: ${words.pick(agents)}`, 'Expires: 3600',
    ]),
  ACK: ({ words, callee, from, to, callId, sequence }) =>
    message([
      `ACK ${callee}:5060 SIP/2.0`, via(words), `Route: <sip:${address(words)};lr>`, 'Max-Forwards: 70', `From: ${from}`, `To: ${to};tag=${words.hex(12)}`,
      `Call-ID: ${callId}`, `CSeq: ${sequence} ACK`, `User-Agent: ${words.pick(agents)}`,
    ]),
  NOTIFY: ({ words, caller, callee, from, to, callId, sequence }) =>
    message([
      `NOTIFY ${callee}:5060;transport=tcp SIP/2.0`, via(words, 'TCP'), 'Max-Forwards: 69', `From: ${from}`, `To: ${to};tag=${words.hex(12)}`, `Call-ID: ${callId}`, `CSeq: ${sequence} NOTIFY`,
      `Contact: <${caller}:5060;transport=tcp>`, 'Event: dialog;include-session-description', `Subscription-State: active;expires=${words.integer(60, 3600)}`, `User-Agent: ${words.pick(agents)}`, 'Content-Type: application/dialog-info+xml',
    ], [
      '<?xml version="1.0"?>', `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${words.integer(0, 99)}" state="full" entity="${caller}">`,
      `  <dialog id="${words.hex(10)}" call-id="${callId}" local-tag="${words.hex(10)}" remote-tag="${words.hex(10)}" direction="initiator">`,
      '    <state>confirmed</state>', `    <local><identity>${caller}</identity><target uri="${caller}"/></local>`, `    <remote><identity>${callee}</identity><target uri="${callee}"/></remote>`, '  </dialog>', '</dialog-info>', '',
    ].join('\r\n')),
}

/** 256 variants of one kind, as bytes. */
const messagesOf = (kind: Kind): Uint8Array[] => {
  const words = seededWords(kinds.indexOf(kind) + 1)
  return Array.from({ length: 256 }, () => Buffer.from(writers[kind](parties(words)), 'latin1'))
}

/** All kinds in turn: 1,536 messages. */
export const mix = (): Uint8Array[] => {
  const all = kinds.map(messagesOf)
  return Array.from({ length: 256 * kinds.length }, (_, index) => all[index % kinds.length]?.[Math.floor(index / kinds.length)] ?? new Uint8Array())
}
