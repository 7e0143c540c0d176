// Parsing. "route": what a proxy or a transaction layer reads of every message. "full": every header typed.
// Each system fills the same record, so that all do the same work; check.ts compares them message by message.
import { authorization, contentType, type NameAddr, parseMessage, proxyAuthorization, type SipMessage, SipUri, type Uri } from '@offhook/sip-parser'
import JsSipGrammar from 'jssip/lib/Grammar.js'
import JsSipParser, { type JsSipMessage } from 'jssip/lib/Parser.js'
import sip, { type SipPackageMessage } from 'sip'
import { Grammar } from 'sip.js/lib/grammar/grammar.js'
import { Parser } from 'sip.js/lib/core/messages/parser.js'
import { mix } from '../corpus/messages.ts'
import { BenchError } from '../errors.ts'
import type { Group, Operation } from '../subject.ts'

/** Method or status, Request-URI, top Via, tags, Call-ID, CSeq, hops left, first route: the routing set. */
export interface RoutingSet {
  readonly what: string | number
  readonly host: string
  readonly viaHost: string
  readonly branch: string
  readonly fromTag: string
  readonly toTag: string
  readonly callId: string
  readonly sequence: number
  readonly hops: number
  readonly route: string
}

/** How many values each header that repeats holds, after every one of them was decoded. */
export interface Everything extends RoutingSet {
  readonly vias: number
  readonly recordRoutes: number
  readonly contacts: number
  readonly contact: string
  readonly fromUser: string
  readonly toUser: string
  readonly type: string
}

const hostOf = (uri: Uri | undefined): string => (uri instanceof SipUri ? uri.host : '')
const userOf = (address: NameAddr): string => (address.uri instanceof SipUri ? (address.uri.decodedUser ?? '') : '')

function read(bytes: Uint8Array): SipMessage {
  const result = parseMessage(bytes)
  if (!result.ok) throw result.error
  return result.value
}

const routeOf = (message: SipMessage): RoutingSet => {
  const { via, cseq } = message
  return {
    what: message.kind === 'request' ? message.method : message.statusCode,
    host: message.kind === 'request' ? hostOf(message.requestUri) : '',
    viaHost: via.host, branch: via.branch ?? '', fromTag: message.from.tag ?? '', toTag: message.to.tag ?? '', callId: message.callId,
    sequence: cseq.sequence, hops: message.maxForwards ?? -1, route: hostOf(message.route[0]?.uri),
  }
}

const fullOf = (message: SipMessage): Everything => {
  const contacts = message.contacts === '*' ? [] : message.contacts
  // Typed, though not compared: the peers have no types for these.
  touch(message.headers.read(authorization).length + message.headers.read(proxyAuthorization).length + message.allow.length + message.supported.length + message.require.length + (message.expires ?? 0) + (message.contentLength ?? 0))
  return {
    ...routeOf(message),
    vias: message.vias.length, recordRoutes: message.recordRoute.length, contacts: contacts.length, contact: hostOf(contacts[0]?.uri),
    fromUser: userOf(message.from), toUser: userOf(message.to), type: message.headers.read(contentType)[0]?.essence ?? '',
  }
}

let touched = 0
/** Uses a value, so that no compiler drops the work behind it. */
const touch = (value: number): void => {
  touched = (touched + value) | 0
}

// jssip and sip.js share their design: eager PEG on parse, other headers on demand by `parseHeader`.
const pegMessage = (text: string): JsSipMessage => {
  const message = JsSipParser.parseMessage(text, {})
  if (message === undefined) throw new BenchError('message-refused', 'jssip refused a message of the corpus')
  return message
}
// Neither has a rule for Route on receipt: the one for Record-Route reads the same grammar.
const jssipRoute = (message: JsSipMessage): string => {
  const text = message.getHeader('route')
  if (text === undefined) return ''
  const parsed = JsSipGrammar.parse(text, 'Record_Route')
  return parsed === -1 ? '' : (parsed[0]?.parsed.uri.host ?? '')
}
const jssipRoutingSet = (message: JsSipMessage): RoutingSet => ({
  what: message.status_code ?? message.method ?? 0, host: message.ruri?.host ?? '', viaHost: message.via.host, branch: message.via_branch, fromTag: message.from_tag ?? '', toTag: message.to_tag ?? '',
  callId: message.call_id, sequence: message.cseq, hops: Number(message.parseHeader('max-forwards') ?? -1), route: jssipRoute(message),
})
const jssipEverything = (message: JsSipMessage): Everything => {
  const vias = message.getHeaders('via').length
  for (let index = 1; index < vias; index += 1) message.parseHeader('via', index)
  return {
    ...jssipRoutingSet(message), vias, recordRoutes: message.getHeaders('record-route').length, contacts: message.getHeaders('contact').length,
    contact: message.hasHeader('contact') ? message.parseHeader('contact', 0).uri.host : '', fromUser: message.from.uri.user ?? '', toUser: message.to.uri.user ?? '', type: message.getHeader('content-type') ?? '',
  }
}

const quiet = { warn: () => undefined, error: () => undefined, log: () => undefined, debug: () => undefined }
const sipjsMessage = (text: string): JsSipMessage => {
  const message = (Parser.parseMessage as unknown as (data: string, logger: object) => JsSipMessage | undefined)(text, quiet)
  if (message === undefined) throw new BenchError('message-refused', 'sip.js refused a message of the corpus')
  return message
}
const sipjsRoute = (message: JsSipMessage): string => {
  const text = message.getHeader('route')
  if (text === undefined) return ''
  const parsed = Grammar.parse(text, 'Record_Route') as unknown as -1 | { parsed: { uri: { host: string } } }[]
  return parsed === -1 ? '' : (parsed[0]?.parsed.uri.host ?? '')
}
const sipjsRoutingSet = (message: JsSipMessage): RoutingSet => ({
  what: message.statusCode ?? message.method ?? 0, host: message.ruri?.host ?? '', viaHost: message.via.host, branch: message.viaBranch, fromTag: message.fromTag ?? '', toTag: message.toTag ?? '',
  callId: message.callId, sequence: Number.parseInt(message.getHeader('cseq') ?? '', 10), hops: Number(message.getHeader('max-forwards') ?? -1), route: sipjsRoute(message),
})

const sipMessage = (text: string): SipPackageMessage => {
  const message = sip.parse(text)
  if (message === undefined) throw new BenchError('message-refused', 'sip refused a message of the corpus')
  return message
}
const bare = (host: string | undefined): string => host ?? ''
const sipRoutingSet = ({ method, status, uri, headers }: SipPackageMessage): RoutingSet => ({
  what: method ?? status ?? 0, host: uri === undefined ? '' : bare(sip.parseUri(uri)?.host), viaHost: bare(headers.via[0]?.host), branch: bare(headers.via[0]?.params['branch'] ?? undefined),
  fromTag: headers.from.params['tag'] ?? '', toTag: headers.to.params['tag'] ?? '', callId: headers['call-id'], sequence: headers.cseq.seq, hops: Number(headers['max-forwards'] ?? -1), route: bare(headers.route?.[0]?.uri.host),
})
const sipEverything = (message: SipPackageMessage): Everything => {
  const { headers } = message
  return {
    ...sipRoutingSet(message), vias: headers.via.length, recordRoutes: headers['record-route']?.length ?? 0, contacts: headers.contact?.length ?? 0,
    contact: headers.contact?.[0] === undefined ? '' : bare(sip.parseUri(headers.contact[0].uri)?.host), fromUser: decodeURIComponent(sip.parseUri(headers.from.uri)?.user ?? ''), toUser: decodeURIComponent(sip.parseUri(headers.to.uri)?.user ?? ''), type: headers['content-type'] ?? '',
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** System → reader of the routing set. */
export const routeReaders: Readonly<Record<string, (bytes: Uint8Array) => RoutingSet>> = {
  offhook: (bytes) => routeOf(read(bytes)),
  jssip: (bytes) => jssipRoutingSet(pegMessage(text(bytes))),
  'sip.js': (bytes) => sipjsRoutingSet(sipjsMessage(text(bytes))),
  sip: (bytes) => sipRoutingSet(sipMessage(text(bytes))),
}

/** System → reader of everything. */
export const fullReaders: Readonly<Record<string, (bytes: Uint8Array) => Everything>> = {
  offhook: (bytes) => fullOf(read(bytes)),
  jssip: (bytes) => jssipEverything(pegMessage(text(bytes))),
  sip: (bytes) => sipEverything(sipMessage(text(bytes))),
}

/** The floor of any parser in JavaScript: decode, find the line ends. */
function floor(bytes: Uint8Array): { hops: number } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  let lines = 0
  for (let at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', at + 1)) lines += 1
  return { hops: lines }
}

const over = (reader: (bytes: Uint8Array) => { readonly hops: number }) => (): Operation => {
  const messages = mix()
  let next = 0
  return (count) => {
    for (let done = 0; done < count; done += 1) {
      touch(reader(messages[next] as Uint8Array).hops)
      next = (next + 1) % messages.length
    }
  }
}

const subjects = (readers: Readonly<Record<string, (bytes: Uint8Array) => { readonly hops: number }>>): Group[string] => Object.entries(readers).map(([system, reader]) => ({ system, prepare: over(reader) }))

export const group: Group = {
  'parse, routing set': subjects({ ...routeReaders, 'floor: decode + find lines': floor }),
  'parse, everything typed': subjects({ ...fullReaders, 'floor: decode + find lines': floor }),
}
