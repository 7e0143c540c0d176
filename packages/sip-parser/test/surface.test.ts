import { describe, expect, it } from 'vitest'
import * as surface from '../src/index.js'

describe('exports', () => {
  it('are these and no others', () => {
    expect(Object.keys(surface).sort()).toEqual([
      'AbsoluteUri', 'BuildError', 'CSeq', 'Challenge', 'Credentials', 'HeaderFields', 'MediaType', 'NameAddr', 'Parameters', 'ParseError', 'SipRequest', 'SipResponse', 'SipUri', 'StreamFramer', 'TelUri',
      'TokenValue', 'Via', 'authorization', 'contentDisposition', 'contentType', 'createRequest', 'createResponse', 'defaultLimits', 'escapeUser', 'event', 'isToken', 'parseChallenge', 'parseCredentials', 'parseMessage', 'parseNameAddr', 'parseNameAddrs', 'parseUri', 'parseVia',
      'proxyAuthenticate', 'proxyAuthorization', 'quoteString', 'reasonPhraseOf', 'serializeMessage', 'unescape', 'unquoteString', 'uriEquals', 'wwwAuthenticate',
    ])
  })
})
