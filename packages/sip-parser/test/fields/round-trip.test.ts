import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as fields from '../../src/fields/index.js'
import { headerFields, headerValue } from '../../src/fields/index.js'
import { AbsoluteUri, Challenge, Credentials, CSeq, createRequest, type HeaderField, NameAddr, parseMessage, serializeMessage, type SipMessage, type SipRequest, SipUri, TelUri, Via } from '../../src/index.js'

const timeout = 120_000
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const chars = (alphabet: string, minLength = 1, maxLength = 12): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })
const token = chars(`${letters}-.!%*_+\`'~`)
const dotless = chars(`${letters}-!%*_+\`'~`)
const word = chars(`${letters}-.!%*_+\`'~()<>:\\"/[]?{}`)
const callId = fc.oneof(word, fc.tuple(word, word).map(([a, b]) => `${a}@${b}`))
/** In a comma list a quote or bracket of a Call-ID would be taken for one that holds commas together. */
const listedCallId = fc.tuple(token, token).map(([a, b]) => `${a}@${b}`)
// Quotes, backslashes, commas, umlauts and all that; ends may not be blank, control characters not at all.
const text = fc.string({ unit: fc.oneof(fc.constantFrom(...'ab "\\,;=<>()@%?'), fc.constant('\t'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 16 }).map((raw) => raw.replaceAll(/[^\t -~\u0080-\uffff]/g, '').trim()).filter((raw) => !/\p{Surrogate}/u.test(raw))
const someText = text.filter((raw) => raw !== '')
const whole = fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 0x7fff_ffff }))
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined })
const host = fc.oneof(chars('abcxyz019', 1, 8), chars('abcxyz019', 1, 8).map((label) => `${label}.example.com`), fc.ipV4(), fc.ipV6().map((address) => `[${address}]`))
const parameters = fc.uniqueArray(fc.tuple(token.map((name) => `x-${name}`), fc.oneof(token, text, fc.constant(''))), { maxLength: 3, selector: ([name]) => name.toLowerCase() })
const sipUri = fc.record({ scheme: fc.constantFrom('sip' as const, 'sips' as const), user: optional(chars(letters)), host, port: optional(fc.integer({ min: 1, max: 65_535 })), parameters: fc.uniqueArray(fc.tuple(token, fc.oneof(token, fc.constant(''))), { maxLength: 2, selector: ([name]) => name.toLowerCase() }) }).map((parts) => SipUri.of(parts))
const uri = fc.oneof(sipUri, chars('0123456789-.').map((number) => TelUri.of(`+1${number}`)), chars(`${letters}/:;,?`).map((opaque) => AbsoluteUri.of('http', `//${opaque}`)))
const bareUri = fc.oneof(fc.tuple(chars(letters), host).map(([user, name]) => SipUri.of({ user, host: name })), chars(`${letters}:.-`).map((opaque) => AbsoluteUri.of('urn', `x${opaque}`)))
const address = fc.record({ displayName: optional(someText), uri, parameters }).map((parts) => NameAddr.of(parts))
const tokenValue = fc.tuple(token, parameters).map((parts) => fields.TokenValue.of(...parts))
const starValue = parameters.map((list) => fields.TokenValue.of('*', list))
const uriValue = fc.tuple(uri, parameters).map((parts) => fields.UriValue.of(...parts))
const bareUriValue = fc.tuple(bareUri, parameters).map((parts) => fields.UriValue.bare(...parts))
const textValue = fc.tuple(text, parameters).map((parts) => fields.TextValue.of(...parts))
const wordValue = fc.tuple(chars(`${letters}@/:[].-`), parameters).map((parts) => fields.WordValue.of(...parts))
const numberValue = fc.tuple(whole, parameters).map((parts) => fields.NumberValue.of(...parts))
const mediaType = fc.tuple(token, token, parameters).map((parts) => fields.MediaType.of(...parts))
const credentials = fc.tuple(text, text).map(([username, realm]) => Credentials.of('Digest', [['username', username], ['realm', realm], ['nc', '00000001']]))
const challenge = fc.tuple(text, text).map(([realm, nonce]) => Challenge.of('Digest', [['realm', realm], ['nonce', nonce], ['stale', 'true']]))
const mechanism = fc.tuple(token, optional(fc.nat({ max: 1000 }).map((thousandths) => thousandths / 1000)), parameters).map(([name, preference, list]) => fields.SecurityMechanism.of(name, { parameters: list, ...(preference === undefined ? {} : { preference }) }))
const resource = fc.tuple(dotless, dotless).map((parts) => fields.ResourceValue.of(...parts))
const uuid = chars('0123456789abcdef', 32, 32)
const index = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.'))
const comment = fc.oneof(text, fc.constant(''))
const products = fc.array(fc.oneof(token, fc.tuple(token, token).map((parts) => parts.join('/')), token.map((inner) => `(${inner} (${inner}))`)), { minLength: 1, maxLength: 3 }).map((list) => list.join(' '))

/** Values of every field that is not of one of the common kinds. */
const special = new Map<HeaderField<unknown>, fc.Arbitrary<unknown>>()
function generate<T>(arbitrary: fc.Arbitrary<T>, ...list: readonly HeaderField<T>[]): void {
  for (const field of list) special.set(field, arbitrary)
}
generate(token, fields.allow, fields.allowEvents, fields.contentEncoding, fields.contentLanguage, fields.pDcsOsps, fields.pEarlyMedia, fields.priority, fields.proxyRequire, fields.requestDisposition, fields.require, fields.sipETag, fields.sipIfMatch, fields.supported, fields.suppressIfMatch, fields.unsupported)
generate(text, fields.organization, fields.subject, fields.additionalIdentity, fields.attestationInfo, fields.cellularNetworkInfo, fields.dcInfo, fields.originationId, fields.priorityShare, fields.priorityVerstat, fields.relayedCharge, fields.resourceShare, fields.responseSource, fields.restorationInfo, fields.serviceInteractInfo)
generate(products, fields.server, fields.userAgent)
generate(callId, fields.callId)
generate(listedCallId, fields.inReplyTo)
generate(chars('0123456789abcdefABCDEF'), fields.pMediaAuthorization)
generate(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 })).map((numbers) => numbers.join('.')), fields.mimeVersion)
generate(fc.tuple(token, token).map((parts) => `<${parts.join('@')}>`), fields.contentId)
generate(whole, fields.contentLength, fields.expires, fields.flowTimer, fields.maxBreadth, fields.minExpires, fields.rSeq)
generate(fc.nat({ max: 255 }), fields.maxForwards)
generate(address, fields.from, fields.to, fields.recordRoute, fields.replyTo, fields.route, fields.diversion, fields.path, fields.permissionMissing, fields.serviceRoute, fields.pAssertedIdentity, fields.pPreferredIdentity, fields.referTo, fields.referredBy, fields.pAssociatedUri, fields.pCalledPartyId, fields.pChargeInfo, fields.pDcsTracePartyId, fields.pProfileKey, fields.pRefusedUriList, fields.pServedUser)
generate<NameAddr | '*'>(address, fields.contact)
generate(tokenValue, fields.acceptEncoding, fields.acceptLanguage, fields.answerMode, fields.privAnswerMode, fields.infoPackage, fields.recvInfo, fields.contentDisposition, fields.event, fields.referSub, fields.geolocationRouting, fields.pAccessNetworkInfo, fields.pAnswerState)
generate(starValue, fields.acceptContact, fields.rejectContact, fields.featureCaps)
generate(uriValue, fields.alertInfo, fields.callInfo, fields.errorInfo, fields.referEventsAt, fields.geolocation, fields.identityInfo, fields.policyContact, fields.pUserDatabase)
generate(bareUriValue, fields.policyId, fields.triggerConsent, fields.pAssertedService, fields.pPreferredService)
generate(textValue, fields.userToUser, fields.pDcsRedirect, fields.pVisitedNetworkId)
generate(wordValue, fields.pDcsBillingInfo, fields.pDcsLaes, fields.pPrivateNetworkIndication)
generate(numberValue, fields.minSE, fields.geolocationError)
generate(mediaType, fields.accept, fields.contentType)
generate(credentials, fields.authorization, fields.proxyAuthorization)
generate(challenge, fields.proxyAuthenticate, fields.wwwAuthenticate)
generate(mechanism, fields.securityClient, fields.securityServer, fields.securityVerify)
generate(resource, fields.resourcePriority, fields.acceptResourcePriority)
generate(fc.tuple(text, text).map(([nextnonce, cnonce]) => fields.AuthenticationInfo.of([['nextnonce', nextnonce], ['qop', 'auth'], ['cnonce', cnonce], ['nc', '0000000a']])), fields.authenticationInfo)
generate(fc.tuple(whole, token).map((parts) => CSeq.of(...parts)), fields.cseq)
generate(fc.integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 }).map((seconds) => fields.SipDate.of(seconds)), fields.date)
generate(fc.record({ seconds: whole, comment: optional(comment), duration: optional(whole) }).map(({ seconds, ...parts }) => fields.RetryAfter.of(seconds, parts)), fields.retryAfter)
generate(fc.tuple(fc.oneof(whole, fc.double({ min: 0.001, max: 1e9, noNaN: true })), optional(fc.double({ min: 0.001, max: 1e9, noNaN: true }))).map((parts) => fields.Timestamp.of(...parts)), fields.timestamp)
generate(fc.record({ transport: token, host, port: optional(fc.integer({ min: 1, max: 65_535 })), parameters }).map((parts) => Via.of(parts)), fields.via)
generate(fc.tuple(fc.integer({ min: 100, max: 999 }), fc.oneof(host, token), text).map((parts) => fields.Warning.of(...parts)), fields.warning)
generate(fc.tuple(callId, token, token).map(([id, toTag, fromTag]) => fields.Join.of(id, { toTag, fromTag })), fields.join)
generate(fc.tuple(callId, token, token, fc.boolean()).map(([id, toTag, fromTag, earlyOnly]) => fields.Replaces.of(id, { toTag, fromTag, earlyOnly })), fields.replaces)
generate(fc.tuple(callId, token, token).map(([id, localTag, remoteTag]) => fields.TargetDialog.of(id, { localTag, remoteTag })), fields.targetDialog)
generate(fc.tuple(whole, whole, token).map((parts) => fields.RAck.of(...parts)), fields.rAck)
generate(fc.record({ protocol: token, cause: optional(whole), text: optional(text), parameters }).map(({ protocol, ...parts }) => fields.Reason.of(protocol, parts)), fields.reason)
generate(fc.tuple(whole, optional(fc.constantFrom('uac' as const, 'uas' as const))).map((parts) => fields.SessionExpires.of(...parts)), fields.sessionExpires)
generate(fc.tuple(uuid, optional(uuid)).map((parts) => fields.SessionId.of(...parts)), fields.sessionId)
generate(fc.record({ state: token, expires: optional(whole), reason: optional(token), retryAfter: optional(whole) }).map(({ state, ...parts }) => fields.SubscriptionState.of(state, parts)), fields.subscriptionState)
generate(fc.tuple(fc.record({ displayName: optional(someText), uri: sipUri }), index, optional(fc.tuple(fc.constantFrom('rc' as const, 'mp' as const, 'np' as const), index))).map(([at, own, target]) => fields.HistoryEntry.of(at, { index: own, target })), fields.historyInfo)
generate(fc.record({ digest: chars(`${letters}+/.=-_`, 1, 60), info: chars(`${letters}:/;?=`), alg: optional(token), ppt: optional(token) }).map((parts) => fields.Identity.of(parts)), fields.identity)
generate(fc.array(token.map((value) => value.toLowerCase()), { minLength: 1, maxLength: 4 }).map((values) => fields.Privacy.of(...values)), fields.privacy)
generate(parameters.filter((list) => list.length > 0).map((list) => fields.ParameterSet.of(list)), fields.pChargingFunctionAddresses)
generate(fc.record({ icid: someText, generatedAt: optional(host), origIoi: optional(token), termIoi: optional(someText), transitIoi: optional(someText) }).map((parts) => fields.ChargingVector.of(parts)), fields.pChargingVector)

/** All of a value that can be seen: its properties, those of its class, its parameters one by one. */
function facts(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>)
  const names = new Set(Object.keys(value))
  const proto = Object.getPrototypeOf(value) as object
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(proto))) if ('get' in descriptor) names.add(name)
  return Object.fromEntries(Array.from(names, (name) => [name, facts((value as Record<string, unknown>)[name])]))
}

/** What a peer gets; the number of octets and the method are not ours to choose in a whole message. */
function messageAsRead(request: SipRequest, own: boolean): SipMessage {
  if (own) return request
  const result = parseMessage(serializeMessage(request))
  if (!result.ok) throw result.error
  return result.value
}

describe('printed and read again every value is the same', () => {
  it('there are values of every field', () => {
    expect(headerFields.filter((field) => !special.has(field)).map(({ name }) => name)).toEqual([])
  })
  it.each(Array.from(special, ([field, arbitrary]) => [field.name, field, arbitrary] as const))('%s', (_, field, arbitrary) => {
    const fixed = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length']
    fc.assert(fc.property(fc.array(arbitrary, { minLength: 1, maxLength: field.comma === true ? 3 : 1 }), (values) => {
      const printed = headerValue(field, ...values)
      const required = [['Via', 'SIP/2.0/UDP h;branch=z9hG4bK1'], ['From', '<sip:a@h>;tag=1'], ['To', '<sip:b@h>'], ['Call-ID', 'c'], ['CSeq', '1 OPTIONS'], ['Max-Forwards', '70']] as const
      const request = createRequest({ method: 'OPTIONS', requestUri: 'sip:h', headers: [...required.filter(([name]) => name !== field.name || !fixed.includes(name)), [field.name, printed]] })
      const again = messageAsRead(request, field.name === 'Content-Length' || field.name === 'CSeq').headers.read(field)
      expect(again.map(facts)).toEqual(values.map(facts))
      expect(headerValue(field, ...again)).toBe(printed)
    }), { numRuns: 60 })
  }, timeout)
})
