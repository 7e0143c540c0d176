import { describe, expect, it } from 'vitest'
import * as surface from '../src/index.js'

describe('exports', () => {
  it('are these and no others', () => {
    expect(Object.keys(surface).sort()).toEqual([
      'AbsoluteUri', 'BuildError', 'CSeq', 'Challenge', 'Credentials', 'HeaderFields', 'MediaType', 'NameAddr', 'Parameters', 'ParseError', 'SipRequest', 'SipResponse', 'SipUri', 'StreamFramer', 'TelUri',
      'TokenValue', 'Via', 'addressOfRecord', 'authorization', 'canonicalIpv6', 'contentDisposition', 'contentType', 'createRequest', 'createResponse', 'decodeSipUri', 'defaultLimits', 'encodeSipUri', 'escapeHeader', 'escapeParameter', 'escapePassword', 'escapeUser', 'event', 'isToken', 'legible', 'messageText', 'parseChallenge', 'parseCredentials', 'parseMessage', 'parseNameAddr', 'parseNameAddrs', 'parseUri', 'parseUrn', 'parseVia',
      'proxyAuthenticate', 'proxyAuthorization', 'quoteString', 'reasonPhraseOf', 'serializeMessage', 'serviceOf', 'unescape', 'unquoteString', 'uriEquals', 'wwwAuthenticate',
    ])
  })
})
