import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { TlsCertificates, tlsAdapter, wssAdapter } from '../src/index.js'
import type { TlsOptions } from '../src/tls-options.js'
import { TestAuthority } from './support/certificates.js'
import { frame, opening, options, rawPeer, serve } from './support/served.js'
import type { Served } from './support/served.js'

const authority = new TestAuthority()
const stranger = new TestAuthority('Another root')
const issued = (name: string) => authority.issue({ dns: [name] })
const toClose: { close(): Promise<void> }[] = []
const sockets: TLSSocket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

describe.each(['TLS', 'WSS'] as const)('%s: certificates', { timeout: 30_000 }, (transport) => {
  async function served(more: TlsOptions): Promise<Served> {
    const server = await serve(transport, { TLS: tlsAdapter, WSS: wssAdapter }[transport]({ ca: authority.ca, ...more }))
    toClose.push(server.layer)
    return server
  }
  /** Connects, and resolves with the socket when the handshake is done; the name of the certificate that was shown. */
  async function dial(port: number, more: ConnectionOptions = {}): Promise<{ readonly socket: TLSSocket; readonly shown: string | undefined }> {
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority.ca, checkServerIdentity: () => undefined, ...more })
    sockets.push(socket)
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    return { socket, shown: socket.getPeerCertificate().subjectaltname }
  }
  /** Sends a request once the connection stands as far as SIP. */
  async function ask(server: Served, socket: TLSSocket): Promise<void> {
    const before = server.received.length
    if (transport === 'TLS') socket.write(options('TLS'))
    else {
      const peer = rawPeer(socket)
      socket.write(opening())
      await peer.until(/\r\n\r\n/)
      socket.write(frame(1, options('WSS')))
    }
    await server.until(() => server.received.length > before)
  }

  it('are replaced while the listener runs: new handshakes see the new one, connections that stand go on', async () => {
    const certificates = new TlsCertificates({ ca: authority.ca, ...issued('old.example.com') })
    const server = await served({ certificates })
    const first = await dial(server.port)
    certificates.replace({ ca: authority.ca, ...issued('new.example.com') })
    const second = await dial(server.port)
    expect([first.shown, second.shown]).toEqual(['DNS:old.example.com', 'DNS:new.example.com'])
    await ask(server, first.socket)
    expect(server.layer.connections).toBe(1)
  })

  it('that cannot be used are refused whole, and the old ones stay', async () => {
    const certificates = new TlsCertificates({ ca: authority.ca, ...issued('old.example.com') })
    const server = await served({ certificates })
    expect(() => certificates.replace({ ...issued('new.example.com'), key: issued('other.example.com').key })).toThrow(expect.objectContaining({ code: 'tls' }))
    expect(() => certificates.replace({ ...issued('new.example.com'), serverNames: { 'a.example.com': { cert: 'no PEM', key: 'none' } } })).toThrow(/a\.example\.com/)
    expect((await dial(server.port)).shown).toBe('DNS:old.example.com')
  })

  it('are chosen by the name that the client asks for (SNI), and replaced with the others', async () => {
    const certificates = new TlsCertificates({
      ca: authority.ca, ...issued('default.example.com'), serverNames: { 'A.example.com': issued('a.example.com'), '*.example.net': issued('any.example.net') },
    })
    const server = await served({ certificates })
    const shown = async (servername?: string) => (await dial(server.port, servername === undefined ? {} : { servername })).shown
    expect(await Promise.all([shown(), shown('a.example.com'), shown('x.example.net'), shown('x.y.example.net'), shown('b.example.com')])).toEqual([
      'DNS:default.example.com', 'DNS:a.example.com', 'DNS:any.example.net', 'DNS:default.example.com', 'DNS:default.example.com',
    ])
    certificates.replace({ ca: authority.ca, ...issued('default.example.com'), serverNames: { 'a.example.com': issued('renewed.example.com') } })
    expect(await shown('a.example.com')).toBe('DNS:renewed.example.com')
  })

  it.each([
    ['TLSv1.2', undefined, 'TLSv1.2'],
    ['TLSv1.3', undefined, 'TLSv1.3'],
    ['TLSv1.3', 'TLSv1.3', 'TLSv1.3'],
    ['TLSv1.2', 'TLSv1.3', 'refused'],
    ['TLSv1.1', undefined, 'refused'],
  ] as const)('a client that speaks %s, a listener that wants %s: %s', async (version, minVersion, outcome) => {
    const server = await served({ ...issued('a.example.com'), ...(minVersion === undefined ? {} : { minVersion }) })
    const dialled = dial(server.port, { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' })
    expect(await dialled.then(({ socket }) => socket.getProtocol(), () => 'refused')).toBe(outcome)
  })

  it.each([
    ['required', issued('p1.example.com'), ['p1.example.com']],
    ['required', stranger.issue({ dns: ['p1.example.com'] }), 'refused'],
    ['required', undefined, 'refused'],
    ['optional', issued('p1.example.com'), ['p1.example.com']],
    ['optional', stranger.issue({ dns: ['p1.example.com'] }), undefined],
    ['optional', undefined, undefined],
    [undefined, issued('p1.example.com'), undefined],
  ] as const)('mutual TLS (RFC 5922 §7.4), %s: %#', async (clientCertificates, own, outcome) => {
    const server = await served({ ...issued('a.example.com'), ...(clientCertificates === undefined ? {} : { clientCertificates }) })
    const identities = async () => {
      const { socket } = await dial(server.port, own ?? {})
      await Promise.race([ask(server, socket), new Promise((_resolve, reject) => socket.once('close', reject))])
      return server.received[0]?.flow.identities
    }
    expect(await identities().catch(() => 'refused')).toEqual(outcome)
    if (outcome === 'refused') expect(server.layer.connections).toBe(0)
  })
})

describe('RFC 5923 between two adapters', () => {
  it('carries requests both ways over one connection when both have proved their names, and only then (CVE-2020-15260)', async () => {
    const p1 = await serve('TLS', tlsAdapter({ ca: authority.ca, ...issued('p1.example.com') }))
    const p2 = await serve('TLS', tlsAdapter({ ca: authority.ca, ...issued('p2.example.com'), clientCertificates: 'required' }))
    toClose.push(p1.layer, p2.layer)
    const there = await p1.layer.connect({ transport: 'TLS', host: '127.0.0.1', port: p2.port, serverName: 'p2.example.com' })
    const via = p1.layer.via(there, 'z9hG4bKa')
    expect(via).toBe(`SIP/2.0/TLS 127.0.0.1:${p1.port};branch=z9hG4bKa;rport;alias`)
    there.send(new TextEncoder().encode(options('TLS').replace(/Via: .*/, `Via: ${via}`)))
    await p2.until(() => p2.received.length === 1)
    const back = await p2.layer.connect({ transport: 'TLS', host: '127.0.0.1', port: p1.port, serverName: 'p1.example.com' })
    expect(back).toBe(p2.received[0]?.flow)
    await expect(p2.layer.connect({ transport: 'TLS', host: '127.0.0.1', port: p1.port, serverName: 'evil.example.com' })).rejects.toMatchObject({ code: 'tls' })
    back.send(new TextEncoder().encode(options('TLS')))
    await p1.until(() => p1.received.length === 1)
    expect([p1.layer.connections, p2.layer.connections]).toEqual([1, 1])
  })
})
