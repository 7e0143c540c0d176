import { SipUri } from '../values/sip-uri.js'
import type { NameAddr } from '../values/name-addr.js'
import type { Uri } from '../values/uri.js'
import { type Finding, type Rule, rulesOf, when } from './lint-rule.js'
import type { Subject } from './subject.js'

/** Methods whose requests and 2xx carry the address for what follows: one, a SIP or SIPS URI. */
const targetMethods: readonly string[] = ['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY', 'UPDATE']

/** Addresses that mean nothing outside their own network (RFC 1918, 3927, 4193). */
const privateHost = /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[(?:f[cd]|fe80|::1\]))/i

/** Rules about Contact, routes and the components of URIs. */
export const addressRules: readonly Rule[] = /* @__PURE__ */ rulesOf([
  ['contact-count', 'error', '8.1.1.8',
    (subject) => when(tellsTarget(subject) && subject.contacts.length > 1, 'Contact')],
  ['contact-scheme', 'error', '8.1.1.8',
    (subject) => tellsTarget(subject) ? pick('Contact', subject.contacts, ({ uri }) => !(uri instanceof SipUri)) : []],
  ['contact-wildcard', 'error', '10.2.2',
    (subject) => when(subject.isWildcard && !(subject.request?.method === 'REGISTER' && subject.main('Expires') === '0' && subject.message.headers.count('Contact') === 1), 'Contact')],
  ['redirect-contact', 'warning', '21.3',
    (subject) => when([300, 301, 302, 305].includes(subject.statusCode) && !subject.has('Contact'), '')],
  ['private-contact', 'note', '8.1.1.8',
    ({ contacts }) => pick('Contact', contacts, ({ uri }) => uri instanceof SipUri && privateHost.test(uri.host))],
  ['instance-id', 'warning', '5626 4.2.1',
    ({ contacts, request }) => request?.method === 'REGISTER' ? pick('Contact', contacts, ({ parameters }) => parameters.has('reg-id') && !parameters.has('+sip.instance')) : []],
  ['sips-contact', 'error', '8.1.1.8',
    ({ contacts, target, method }) => isSips(target) && method !== 'REGISTER' ? pick('Contact', contacts, ({ uri }) => !isSips(uri)) : []],
  ['sips-record-route', 'warning', '16.6',
    ({ recordRoute, target }) => isSips(target) ? pick('Record-Route', recordRoute.slice(0, 1), ({ uri }) => !isSips(uri)) : []],
  ['sips-transport', 'warning', '26.2.2',
    ({ target, vias }) => vias.slice(0, 1).filter((via) => isSips(target) && ['UDP', 'TCP', 'SCTP', 'WS'].includes(via.transport)).map((via): Finding => ['Via', via.transport])],
  ['transport-tls', 'note', '26.2.2',
    ({ contacts, route, recordRoute, request }) => [
      ...when(isOverTls(request?.requestUri), '', 'transport=tls'), ...pick('Contact', contacts, ({ uri }) => isOverTls(uri)),
      ...pick('Route', route, ({ uri }) => isOverTls(uri)), ...pick('Record-Route', recordRoute, ({ uri }) => isOverTls(uri))]],
  ['uri-component', 'warning', '19.1.1',
    (subject) => [
      ...when(hasAny(subject.request?.requestUri, 'method'), '', 'method='),
      ...when(hasAny(subject.party('from')?.uri, notForParties), 'From'), ...when(hasAny(subject.party('to')?.uri, notForParties), 'To'),
      ...pick('Contact', subject.contacts, ({ uri }) => hasAny(uri, 'method')),
      ...pick('Route', subject.route, ({ uri }) => hasAny(uri, notForRoutes)), ...pick('Record-Route', subject.recordRoute, ({ uri }) => hasAny(uri, notForRoutes))]],
  ['record-route-lr', 'warning', '16.6',
    ({ recordRoute }) => pick('Record-Route', recordRoute, isStrict)],
  ['route-lr', 'note', '16.12',
    ({ route }) => pick('Route', route, isStrict)],
])

const notForParties = 'port method maddr ttl transport lr headers'
const notForRoutes = 'method ttl headers'

/** Whether a URI has one of these parameters, or its port, or its headers. */
function hasAny(uri: Uri | undefined, components: string): boolean {
  return uri instanceof SipUri && components.split(' ').some((one) =>
    one === 'port' ? uri.port !== undefined : one === 'headers' ? uri.headers !== undefined : uri.parameters.has(one))
}

function tellsTarget(subject: Subject): boolean {
  return (subject.request !== undefined || subject.isClass(2)) && targetMethods.includes(subject.method)
}

function isSips(uri: Uri | undefined): boolean {
  return uri?.scheme === 'sips'
}

function isOverTls(uri: Uri | undefined): boolean {
  return uri instanceof SipUri && uri.transport === 'tls'
}

function isStrict({ uri }: NameAddr): boolean {
  return uri instanceof SipUri && !uri.isLooseRouter
}

/** A finding for each address that is at fault. */
function pick(header: string, addresses: readonly NameAddr[], isFault: (address: NameAddr) => boolean): Finding[] {
  return addresses.filter(isFault).map(({ uri }): Finding => [header, String(uri)])
}
