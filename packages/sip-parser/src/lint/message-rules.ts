import { SipUri } from '../values/sip-uri.js'
import type { Via } from '../values/via.js'
import { type Finding, type Rule, rulesOf, when } from './lint-rule.js'
import type { Subject } from './subject.js'

/** Requests that are sent inside a dialog only, and such that never are. */
const inDialog: readonly string[] = ['ACK', 'BYE', 'PRACK', 'NOTIFY', 'INFO', 'UPDATE']
const outsideDialog: readonly string[] = ['REGISTER', 'PUBLISH']

/** Rules about the fields that every message has, and about what a response must say. */
export const messageRules: readonly Rule[] = /* @__PURE__ */ rulesOf([
  ['cseq-method', 'error', '8.1.1.5',
    ({ request, message }) => when(request !== undefined && message.headers.get('CSeq')?.endsWith(` ${request.method}`) === false, 'CSeq')],
  ['max-forwards-range', 'error', '20.22',
    ({ message }) => when(Number(message.headers.get('Max-Forwards') ?? 0) > 255, 'Max-Forwards')],
  ['via-branch', 'warning', '8.1.1.7',
    ({ vias }) => vias.slice(0, 1).filter((via) => via.branch?.startsWith('z9hG4bK') !== true).map((via): Finding => ['Via', via.branch])],
  ['via-loop', 'warning', '16.3',
    ({ vias }) => repeated(vias).map((via): Finding => ['Via', via.branch])],
  ['via-protocol', 'warning', '20.42',
    ({ vias }) => vias.filter((via) => via.protocol.toUpperCase() !== 'SIP/2.0').map((via): Finding => ['Via', via.protocol])],
  ['via-received', 'warning', '3581 4',
    ({ vias }) => vias.filter((via) => typeof via.rport === 'number' && via.received === undefined).map((via): Finding => ['Via', `rport=${String(via.rport)}`])],
  ['cancel-via', 'error', '9.1',
    ({ request, method, vias }) => when(request !== undefined && method === 'CANCEL' && vias.length > 1, 'Via')],
  ['from-tag', 'warning', '8.1.1.3',
    (subject) => when(subject.party('from')?.tag === undefined, 'From')],
  ['to-tag', 'warning', '8.2.6.2',
    (subject) => when(subject.statusCode > 100 && subject.party('to')?.tag === undefined, 'To')],
  ['dialog-tag', 'error', '12.2.1.1',
    (subject) => when(inDialog.includes(subject.request?.method ?? '') && subject.party('to')?.tag === undefined, 'To')],
  ['dialogless-tag', 'warning', '8.1.1.2',
    (subject) => when(outsideDialog.includes(subject.request?.method ?? '') && subject.party('to')?.tag !== undefined, 'To', subject.party('to')?.tag)],
  ['register-uri', 'error', '10.2',
    ({ request }) => when(request?.method === 'REGISTER' && request.requestUri instanceof SipUri && request.requestUri.user !== undefined, '', String(request?.requestUri))],
  ['extension-required', 'error', '21.4.16',
    (subject) => when(subject.statusCode === 421 && !subject.has('Require'), '')],
  ['unsupported-media', 'error', '21.4.13',
    (subject) => when(subject.statusCode === 415 && !['Accept', 'Accept-Encoding', 'Accept-Language'].some((name) => subject.has(name)), '')],
  ['digest-parameters', 'error', '7616 3.3',
    (subject) => [...incomplete(subject, 'WWW-Authenticate Proxy-Authenticate', 'realm nonce'), ...incomplete(subject, 'Authorization Proxy-Authorization', 'realm nonce uri response')]],
  ['sdp-disposition', 'note', '20.11',
    (subject) => when(subject.main('Content-Type') === 'application/sdp' && subject.has('Content-Disposition') && !subject.main('Content-Disposition').endsWith('session'), 'Content-Disposition')],
  ['deprecated-header', 'note', '28',
    (subject) => 'Encryption Hide Response-Key Identity-Info'.split(' ').filter((name) => subject.has(name)).map((name): Finding => [name, undefined, name.includes('y-I') ? 'RFC 8224 §13.3' : undefined])],
])

function incomplete(subject: Subject, fields: string, needed: string): Finding[] {
  return fields.split(' ').filter((name) => subject.main(name).startsWith('digest') && subject.parameters(name, ',').some((each) =>
    needed.split(' ').some((one) => !each.has(one)) || (each.has('response') && (!(each.has('username') || each.has('username*')) || (each.has('qop') && !(each.has('nc') && each.has('cnonce'))))),
  )).map((name): Finding => [name])
}

/** The Via values whose sent-by and branch were there before. */
function repeated(vias: readonly Via[]): Via[] {
  const seen = new Set<string>()
  return vias.filter(({ sentBy, branch }) => branch !== undefined && seen.size === seen.add(`${sentBy} ${branch}`).size)
}
