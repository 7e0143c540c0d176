import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RAck, SessionExpires, UriValue } from '../src/fields/index.js'
import { AbsoluteUri, Challenge, Credentials, CSeq, MediaType, NameAddr, Parameters, SipUri, TelUri, TokenValue, Via } from '../src/index.js'
import { optionsWith, parsed } from './samples.js'

const uri = SipUri.of({ user: 'alice', host: 'example.com', parameters: [['lr', '']] })
const values = {
  SipUri: uri,
  TelUri: TelUri.of('+1-201-555-0123'),
  AbsoluteUri: AbsoluteUri.of('urn', 'service:sos'),
  NameAddr: NameAddr.of({ displayName: 'Alice', uri, parameters: [['tag', 'a']] }),
  Via: Via.of({ transport: 'UDP', host: 'example.com', parameters: [['branch', 'z9hG4bK1']] }),
  CSeq: CSeq.of(1, 'INVITE'),
  Parameters: Parameters.of([['a', 'b']]),
  MediaType: MediaType.of('application', 'sdp'),
  TokenValue: TokenValue.of('session'),
  Challenge: Challenge.of('Digest', [['realm', 'a']]),
  Credentials: Credentials.of('Digest', [['realm', 'a']]),
  RAck: RAck.of(1, 2, 'INVITE'),
  SessionExpires: SessionExpires.of(1800),
  UriValue: UriValue.of(uri),
}

describe('values of header fields show what they print', () => {
  it.each(Object.entries(values))('%s in JSON and on the console of Node', (name, value) => {
    expect(JSON.parse(JSON.stringify({ value }))).toEqual({ value: value.toString() })
    expect(inspect(value)).toBe(`${name} ${value.toString()}`)
    expect(inspect({ value })).toContain(value.toString())
  })
  it('also when they were read', () => {
    const { via, from } = parsed(optionsWith())
    expect(JSON.parse(JSON.stringify({ via, from }))).toEqual({ via: via.toString(), from: from.toString() })
  })
})
