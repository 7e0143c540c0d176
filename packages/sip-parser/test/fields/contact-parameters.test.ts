import { describe, expect, it } from 'vitest'
import { contactParameters, deviceParameters, featureTag, outboundContact, overloadControl } from '../../src/fields/index.js'
import { NameAddr, parseNameAddr, parseUri, parseVia, SipUri, type Via } from '../../src/index.js'

const contactOf = (text: string): NameAddr => {
  const result = parseNameAddr(text)
  if (!result.ok) throw result.error
  return result.value
}
const sip = (text: string): SipUri => {
  const result = parseUri(text)
  if (!result.ok || !(result.value instanceof SipUri)) throw new TypeError(text)
  return result.value
}
const viaOf = (text: string): Via => {
  const result = parseVia(text)
  if (!result.ok) throw result.error
  return result.value
}

describe('parameters of a registered contact', () => {
  it('RFC 5626 §9.1, RFC 5627 §3.2: instance, flow, GRUUs', () => {
    const contact = contactOf('<sip:callee@192.0.2.1>;pub-gruu="sip:callee@example.com;gr=urn:uuid:f81d4fae";temp-gruu="sip:tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5@example.com;gr";+sip.instance="<urn:uuid:f81d4fae>";expires=3600;reg-id=1;q=0.5')
    const found = contactParameters(contact)
    expect(found).toMatchObject({ expires: 3600, q: 0.5, instance: 'urn:uuid:f81d4fae', regId: 1 })
    expect(deviceParameters(found.publicGruu as SipUri).gr).toBe('urn:uuid:f81d4fae')
    expect(deviceParameters(found.temporaryGruu as SipUri)).toMatchObject({ gr: '', ob: false })
  })
  it('what is absent or broken is undefined', () => {
    const nothing = { expires: undefined, q: undefined, instance: undefined, regId: undefined, publicGruu: undefined, temporaryGruu: undefined }
    expect(contactParameters(contactOf('<sip:h>'))).toEqual(nothing)
    expect(contactParameters(contactOf('<sip:h>;expires=soon;q=2;reg-id=0;pub-gruu="x";temp-gruu'))).toEqual(nothing)
    expect(contactParameters(contactOf('<sip:h>;reg-id=2147483648')).regId).toBeUndefined()
  })
  it('RFC 5626 §4.2.1: builds what it reads', () => {
    const contact = outboundContact(NameAddr.of({ uri: sip('sip:alice@192.0.2.2;ob'), parameters: [['expires', 60]] }), 'urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF', 2)
    expect(contact.toString()).toBe('<sip:alice@192.0.2.2;ob>;expires=60;+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>";reg-id=2')
    expect(contactParameters(contactOf(contact.toString()))).toMatchObject({ instance: 'urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF', regId: 2 })
    expect(deviceParameters(contact.uri as SipUri).ob).toBe(true)
  })
  it('RFC 8599 §4.1: the push service', () => {
    expect(deviceParameters(sip('sip:alice@alicemobile.example.com;pn-provider=acme;pn-param=acme-param;pn-prid=ZTY4ZDJlMzODE1NmUgKi0K'))).toEqual({
      ob: false, gr: undefined, pnProvider: 'acme', pnParam: 'acme-param', pnPrid: 'ZTY4ZDJlMzODE1NmUgKi0K', pnPurr: undefined,
    })
  })
})

describe('RFC 3840 §9 feature tags', () => {
  it('values, negation, strings, flags', () => {
    const { parameters } = contactOf('<sip:h>;audio;methods="INVITE, !BYE";+sip.extra="<a, b>";priority="#>=10"')
    expect(featureTag(parameters, 'Audio')).toEqual(['TRUE'])
    expect(featureTag(parameters, 'methods')).toEqual(['INVITE', '!BYE'])
    expect(featureTag(parameters, '+sip.extra')).toEqual(['<a, b>'])
    expect(featureTag(parameters, 'priority')).toEqual(['#>=10'])
    expect(featureTag(parameters, 'video')).toBeUndefined()
  })
})

describe('RFC 7339 §4 overload control', () => {
  it('offered by the client, filled in by the server', () => {
    expect(overloadControl(viaOf('SIP/2.0/TLS p1.example.net;branch=z9hG4bK2d4790.1;oc;oc-algo="loss,A"'))).toEqual({ oc: '', algorithms: ['loss', 'A'], validity: undefined, sequence: undefined })
    expect(overloadControl(viaOf('SIP/2.0/TLS p1.example.net;branch=z9hG4bK2d4790.1;oc=20;oc-algo="loss";oc-validity=500;oc-seq=1282321615.782'))).toEqual({ oc: 20, algorithms: ['loss'], validity: 500, sequence: 1282321615.782 })
    expect(overloadControl(viaOf('SIP/2.0/TLS h;oc=x;oc-seq=1'))).toBeUndefined()
    expect(overloadControl(viaOf('SIP/2.0/TLS h;oc=0;oc-seq=1'))).toMatchObject({ oc: 0, sequence: undefined, algorithms: [] })
    expect(overloadControl(viaOf('SIP/2.0/TLS h'))).toBeUndefined()
  })
})
