import { parseUri } from '@offhook/sip-parser'
import type { SipUri } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { locateLiteral } from '../src/index.js'

const uri = (text: string): SipUri => {
  const result = parseUri(text)
  if (!result.ok || (result.value.scheme !== 'sip' && result.value.scheme !== 'sips') || !('host' in result.value)) throw new TypeError(text)
  return result.value
}

describe('RFC 3263 §4 without DNS', () => {
  it.each([
    ['sip:bob@192.0.2.1', 'UDP', '192.0.2.1', 5060],
    ['sip:bob@[2001:db8::1]:5070', 'UDP', '2001:db8::1', 5070],
    ['sip:example.com;transport=TCP', 'TCP', 'example.com', 5060],
    ['sip:example.com;transport=tls', 'TLS', 'example.com', 5061],
    ['sips:example.com', 'TLS', 'example.com', 5061],
    ['sips:example.com;transport=tcp', 'TLS', 'example.com', 5061],
    ['sip:example.com;transport=ws', 'WS', 'example.com', 80],
    ['sips:example.com:8443;transport=ws', 'WSS', 'example.com', 8443],
    ['sip:example.com;maddr=192.0.2.9', 'UDP', '192.0.2.9', 5060],
  ])('%s leads to %s %s:%d', async (text, transport, host, port) => {
    expect(await locateLiteral(uri(text))).toMatchObject([{ transport, host, port }])
  })

  it('sends SIPS over nothing that is not secured', async () => {
    await expect(locateLiteral(uri('sips:example.com;transport=udp'))).rejects.toMatchObject({ code: 'no-adapter' })
  })

  it('knows no transport that SIP does not have', async () => {
    await expect(locateLiteral(uri('sip:example.com;transport=sctp'))).rejects.toMatchObject({ code: 'no-adapter' })
    await expect(locateLiteral(uri('sip:example.com;transport=__proto__'))).rejects.toMatchObject({ code: 'no-adapter' })
  })
})
