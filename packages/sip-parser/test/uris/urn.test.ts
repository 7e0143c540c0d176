import { describe, expect, it } from 'vitest'
import { AbsoluteUri, parseUri, parseUrn, serviceOf } from '../../src/index.js'
import { uriOf } from './uri-of.js'

describe('RFC 8141 §2 URNs', () => {
  it.each([
    ['urn:example:a123,z456', { namespace: 'example', specific: 'a123,z456', resolution: undefined, query: undefined, fragment: undefined }],
    ['URN:IETF:params:xml:ns:pidf', { namespace: 'ietf', specific: 'params:xml:ns:pidf' }],
    ['urn:example:1/406/47452/2', { specific: '1/406/47452/2' }],
    ['urn:example:foo-bar-baz-qux?+CCResolve:cc=uk', { specific: 'foo-bar-baz-qux', resolution: 'CCResolve:cc=uk' }],
    ['urn:example:weather?=op=map&lat=39.56', { query: 'op=map&lat=39.56' }],
    ['urn:example:foo?+r?=q?x#f', { resolution: 'r', query: 'q?x', fragment: 'f' }],
    ['urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', { namespace: 'uuid' }],
  ])('%s', (text, parts) => {
    expect(parseUrn(uriOf(text))).toMatchObject(parts)
    expect(uriOf(text).toString()).toBe(text.replace(/^URN/, 'urn'))
  })
  it.each(['urn:x', 'urn:x:y', 'urn:-x:y', 'urn:x-:y', 'urn:example:', 'urn:example:?+x', `urn:${'x'.repeat(33)}:y`, 'sip:example:1', 'isbn:1', 'tel:1'])('%s is none', (text) => {
    const uri = parseUri(text)
    expect(uri.ok && parseUrn(uri.value)).toBeFalsy()
  })
  it('is built as any URI', () => {
    expect(parseUrn(AbsoluteUri.of('URN', 'service:sos'))?.specific).toBe('sos')
  })
})

describe('RFC 5031 §3 service URNs', () => {
  it.each([['urn:service:sos', 'sos'], ['URN:SERVICE:SOS.Fire', 'sos.fire'], ['urn:service:counseling.mental-health', 'counseling.mental-health']])('%s', (text, service) => expect(serviceOf(uriOf(text))).toBe(service))
  it.each(['urn:service:sos..fire', 'urn:service:.', 'urn:service:s%6Fs', 'urn:example:sos', 'sip:sos@h', 'tel:911', 'service:sos'])('%s names none', (text) => expect(serviceOf(uriOf(text))).toBeUndefined())
})
