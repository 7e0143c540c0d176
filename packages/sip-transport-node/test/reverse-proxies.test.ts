import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { wsAdapter } from '../src/index.js'
import type { ReverseProxies, WebSocketOptions } from '../src/index.js'
import { dialRaw, frame, opening, options, serve } from './support/served.js'
import type { RawPeer, Served } from './support/served.js'

const toClose: { close(): Promise<void> }[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function served(reverseProxies: ReverseProxies, more: WebSocketOptions = {}): Promise<Served> {
  const server = await serve('WS', wsAdapter({ reverseProxies, ...more }))
  toClose.push(server.layer)
  return server
}

async function opened(port: number, ...headers: string[]): Promise<RawPeer> {
  const peer = await dialRaw(port)
  sockets.push(peer.socket)
  peer.socket.write(opening('/', ['Sec-WebSocket-Protocol: sip', ...headers]))
  return peer
}

const NEAR = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48']

describe('WebSockets behind a reverse proxy', { timeout: 30_000 }, () => {
  it.each<[string, ReverseProxies, string[], string]>([
    ['its client', { trusted: NEAR }, ['X-Forwarded-For: 203.0.113.9'], '203.0.113.9'],
    ['what the nearest one added, not what the client wrote', { trusted: NEAR }, ['X-Forwarded-For: 198.51.100.1, 203.0.113.9'], '203.0.113.9'],
    ['past other proxies of ours', { trusted: NEAR }, ['X-Forwarded-For: 198.51.100.1, 203.0.113.9, 10.1.2.3'], '203.0.113.9'],
    ['a client in IPv6', { trusted: NEAR }, ['X-Forwarded-For: 2001:db8::9'], '2001:db8::9'],
    ['IPv4 in IPv6', { trusted: NEAR }, ['X-Forwarded-For: ::ffff:203.0.113.9'], '203.0.113.9'],
    ['an address with a port', { trusted: NEAR }, ['X-Forwarded-For: 203.0.113.9:4711'], '203.0.113.9'],
    ['nobody who is not trusted', { trusted: ['10.0.0.0/8'] }, ['X-Forwarded-For: 203.0.113.9'], '127.0.0.1'],
    ['no header that the proxy does not set', { trusted: NEAR }, ['Forwarded: for=203.0.113.9'], '127.0.0.1'],
    ['no name', { trusted: NEAR }, ['X-Forwarded-For: evil.example'], '127.0.0.1'],
    ['nothing beyond what cannot be read', { trusted: NEAR }, ['X-Forwarded-For: 203.0.113.9, unknown, 10.0.0.1'], '10.0.0.1'],
    ['no header at all', { trusted: NEAR }, [], '127.0.0.1'],
    ['RFC 7239', { trusted: NEAR, header: 'forwarded' }, ['Forwarded: for=198.51.100.1, proto=http;for="203.0.113.9:4711";by=10.0.0.1'], '203.0.113.9'],
    ['RFC 7239 in IPv6', { trusted: NEAR, header: 'forwarded' }, ['Forwarded: For="[2001:db8::9]:4711"', 'X-Forwarded-For: 192.0.2.1'], '2001:db8::9'],
  ])('believes %s', async (_title, proxies, headers, host) => {
    const server = await served(proxies)
    const peer = await opened(server.port, ...headers)
    await peer.until(/\r\n\r\n/)
    peer.socket.write(frame(1, options('WS')))
    await server.until(() => server.received.length === 1)
    expect(server.received[0]?.flow.remote.host).toBe(host)
    expect(server.received[0]?.message.via.received).toBe(host)
  })

  it('counts connections by the client, and not the proxy', async () => {
    const server = await served({ trusted: NEAR }, { maxConnectionsPerAddress: 2 })
    for (const client of ['203.0.113.1', '203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      const peer = await opened(server.port, `X-Forwarded-For: ${client}`)
      await peer.until(/ 101 /)
    }
    const third = await opened(server.port, 'X-Forwarded-For: 203.0.113.1')
    await third.ended
    expect(third.text()).toBe('')
    expect(server.layer.connections).toBe(4)
  })

  it('says at once when a trusted address is none', () => {
    for (const text of ['proxy.example.com', '10.0.0.0/40', '']) expect(() => wsAdapter({ reverseProxies: { trusted: [text] } })({ opened: () => undefined, received: () => undefined, closed: () => undefined })).toThrow(expect.objectContaining({ code: 'bad-address' }))
  })
})
