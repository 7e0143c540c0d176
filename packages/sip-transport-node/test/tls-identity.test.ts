import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { PeerCertificate } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { TransportError } from '@offhook/sip-transport'
import type { TransportName } from '@offhook/sip-transport'
import { checkSipIdentity, sipIdentities, tlsAdapter, wssAdapter } from '../src/index.js'
import { TestAuthority } from './support/certificates.js'
import type { CertificateNames } from './support/certificates.js'
import { serve } from './support/served.js'

const authority = new TestAuthority()
const stranger = new TestAuthority()
const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

const certificate = (subjectaltname: string | undefined, commonName = 'cn.example.com'): PeerCertificate =>
  ({ subject: { CN: commonName }, ...(subjectaltname === undefined ? {} : { subjectaltname }) }) as unknown as PeerCertificate

describe('RFC 5922 §7.1: the SIP domains of a certificate', () => {
  it.each([
    ['URI:sip:example.com, DNS:other.example.com', ['example.com']],
    ['DNS:Example.COM, DNS:b.example.com', ['example.com', 'b.example.com']],
    ['URI:sip:alice@example.com, DNS:example.com', ['example.com']],
    ['URI:https://example.com, DNS:example.net', ['example.net']],
    ['URI:SIP:example.com;transport=tcp', []],
    ['IP Address:192.0.2.1', []],
    // Node quotes names that could be mistaken for several.
    ['DNS:"evil.example, DNS:example.com"', ['"evil.example, dns:example.com"']],
    [undefined, ['cn.example.com']],
  ])('%s', (names, domains) => expect(sipIdentities(certificate(names))).toEqual(domains))
})

describe('RFC 5922 §7.2: comparing them', () => {
  it.each([
    ['DNS:example.com', 'EXAMPLE.com', true],
    ['DNS:example.com', 'example.com.', true],
    ['DNS:example.com', 'sip.example.com', false],
    ['DNS:sip.example.com', 'example.com', false],
    ['DNS:*.example.com', 'sip.example.com', false],
    ['DNS:.example.com', 'sip.example.com', false],
    [undefined, 'cn.example.com', true],
    ['DNS:other.example.com', 'cn.example.com', false],
    ['IP Address:192.0.2.1', '192.0.2.1', true],
    ['IP Address:192.0.2.1', '192.0.2.10', false],
    ['DNS:192.0.2.1', '192.0.2.1', false],
    ['DNS:a, IP Address:2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
    ['IP Address:2001:DB8:0:0:0:0:0:1', '2001:db8::10', false],
    ['DNS:"x, IP Address:192.0.2.1"', '192.0.2.1', false],
    ['URI:sip:example.com', '192.0.2.1', false],
  ])('%s for %s: %s', (names, name, holds) => {
    expect(checkSipIdentity(name, certificate(names))?.code).toBe(holds ? undefined : 'tls')
  })

  it('lets wildcards stand for one label when asked to', () => {
    const refusal = (name: string): string | undefined => checkSipIdentity(name, certificate('DNS:*.example.com, DNS:*.com'), { acceptWildcards: true })?.code
    expect(['sip.example.com', 'a.b.example.com', 'example.com', 'evil.com'].map(refusal)).toEqual([undefined, 'tls', 'tls', 'tls'])
  })
})

describe.each(['TLS', 'WSS'] as const)('%s: the name on the other end', { timeout: 30_000 }, (transport) => {
  const adapterOf = { TLS: tlsAdapter, WSS: wssAdapter }[transport]

  async function world(names: CertificateNames, trusted = authority.ca) {
    const server = await serve(transport, adapterOf({ ...authority.issue(names) }))
    const client = await serve(transport, adapterOf({ ca: trusted, ...authority.issue(names) }))
    toClose.push(server.layer, client.layer)
    const dial = async (serverName?: string): Promise<string> => {
      const target = { transport: transport as TransportName, host: '127.0.0.1', port: server.port, ...(serverName === undefined ? {} : { serverName }) }
      const outcome: unknown = await client.layer.connect(target).catch((error: unknown) => error)
      return outcome instanceof TransportError ? outcome.code : 'open'
    }
    return { server, client, dial }
  }

  it('must be the one asked for, also when a connection to that address stands under another (CVE-2020-15260)', async () => {
    const { client, server, dial } = await world({ dns: ['a.example.com'] })
    expect(await dial('a.example.com')).toBe('open')
    expect(await dial('b.example.com')).toBe('tls')
    expect(await dial('a.example.com')).toBe('open')
    expect(client.layer.connections).toBe(1)
    expect(server.layer.connections).toBeLessThanOrEqual(2)
  })

  it('is checked each time, no session is resumed (CVE-2026-58040)', async () => {
    const { dial, client, server } = await world({ dns: ['a.example.com'] })
    for (let round = 0; round < 3; round++) {
      expect(await dial('a.example.com')).toBe('open')
      const flow = await client.layer.connect({ transport, host: '127.0.0.1', port: server.port, serverName: 'a.example.com' })
      flow.close()
      await client.until(() => client.closed.length === round + 1)
      expect(await dial('wrong.example.com')).toBe('tls')
    }
  })

  it.each([
    ['a name that only looks alike (CVE-2026-106069)', 'a.example.com\u3002evil.example'],
    ['a name with a trailing NUL', 'a.example.com\0.evil.example'],
    ['a parent domain', 'example.com'],
    ['a child domain', 'x.a.example.com'],
  ])('is refused for %s', async (_title, name) => {
    const { dial } = await world({ dns: ['a.example.com'] })
    expect(await dial(name)).not.toBe('open')
  })

  it('may be an address, when the certificate has it', async () => {
    expect(await (await world({ addresses: ['127.0.0.1'] })).dial()).toBe('open')
    expect(await (await world({ dns: ['a.example.com'] })).dial()).toBe('tls')
  })

  it('must be vouched for by an authority that is trusted', async () => {
    expect(await (await world({ dns: ['a.example.com'] }, stranger.ca)).dial('a.example.com')).toBe('tls')
  })

  it('cannot be shown without a certificate: one line says so', async () => {
    await expect(serve(transport, adapterOf({}))).rejects.toThrow(/needs a certificate and its private key/)
    await expect(serve(transport, adapterOf({}))).rejects.toMatchObject({ code: 'tls' })
  })
})

describe('TLS: a server that does not speak it', () => {
  async function world(greeting: string, handshakeTimeout: number) {
    const sockets = new Set<Socket>()
    const plain = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      if (greeting !== '') socket.end(greeting)
    })
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    const client = await serve('TLS', tlsAdapter({ handshakeTimeout, ...authority.issue({}) }))
    toClose.push(client.layer, { close: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      plain.close(() => resolve())
    }) })
    const { port } = plain.address() as AddressInfo
    return client.layer.connect({ transport: 'TLS', host: '127.0.0.1', port }).catch((error: unknown) => error)
  }

  it('is told apart', async () => expect(await world('220 hello\r\n', 5000)).toMatchObject({ code: 'tls' }))

  it('is not waited for longer than a handshake may take', async () => expect(await world('', 50)).toMatchObject({ code: 'timed-out' }))
})
