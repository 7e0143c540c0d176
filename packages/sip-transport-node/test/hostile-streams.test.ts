import { connect as connectTls } from 'node:tls'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdapterFactory } from '@offhook/sip-transport'
import { tcpAdapter, tlsAdapter, wsAdapter, wssAdapter } from '../src/index.js'
import { TestAuthority } from './support/certificates.js'
import { dialRaw, frame, opening, options, rawPeer, serve } from './support/served.js'
import type { RawPeer, Served } from './support/served.js'

const authority = new TestAuthority()
const tls = { ca: authority.ca, ...authority.issue({ addresses: ['127.0.0.1'] }) }

interface Way {
  readonly transport: 'TCP' | 'TLS' | 'WS' | 'WSS'
  adapter(more?: { handshakeTimeout?: number; maxConnectionsPerAddress?: number; maxQueuedBytes?: number }): AdapterFactory
  /** How octets of a message look on this transport. */
  wrap(text: string): string | Buffer
}

const ways: readonly Way[] = [
  { transport: 'TCP', adapter: (more) => tcpAdapter(more), wrap: (text) => text },
  { transport: 'TLS', adapter: (more) => tlsAdapter({ ...tls, ...more }), wrap: (text) => text },
  { transport: 'WS', adapter: (more) => wsAdapter(more), wrap: (text) => frame(1, text) },
  { transport: 'WSS', adapter: (more) => wssAdapter({ ...tls, ...more }), wrap: (text) => frame(1, text) },
]

const toClose: { close(): Promise<void> }[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function served(way: Way, more?: Parameters<Way['adapter']>[0], limits?: Record<string, number>): Promise<Served> {
  const server = await serve(way.transport, way.adapter(more), '127.0.0.1', limits)
  toClose.push(server.layer)
  return server
}

/** A connection that stands as far as SIP: TLS and the WebSocket are opened. */
async function dial(way: Way, port: number): Promise<RawPeer> {
  let peer: RawPeer
  if (way.transport === 'TLS' || way.transport === 'WSS') {
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority.ca })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    peer = rawPeer(socket)
  } else {
    peer = await dialRaw(port)
  }
  sockets.push(peer.socket)
  if (way.transport === 'WS' || way.transport === 'WSS') {
    peer.socket.write(opening())
    await peer.until(/\r\n\r\n/)
  }
  return peer
}

describe.each(ways)('$transport: hostile peers', { timeout: 30_000 }, (way) => {
  const { transport } = way
  const isStream = transport === 'TCP' || transport === 'TLS'

  it('a Content-Length of 4 GiB takes no memory and ends, on a stream, that connection only (CVE-2026-58268)', async () => {
    const server = await served(way)
    const bystander = await dial(way, server.port)
    const before = process.memoryUsage()
    for (let round = 0; round < 20; round++) {
      const peer = await dial(way, server.port)
      peer.socket.write(way.wrap(options(transport, ['Content-Length: 4294967296'])))
      if (isStream) await peer.ended
      else await peer.until(/SIP\/2.0 (400|413|513) /)
      peer.socket.destroy()
    }
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16_000_000)
    // Other tests of this process count in here.
    expect(after.rss - before.rss).toBeLessThan(1_000_000_000)
    await server.until(() => server.closed.length === 20)
    if (isStream) expect(server.closed.every(({ error }) => error?.code === 'framing')).toBe(true)
    bystander.socket.write(way.wrap(options(transport)))
    await server.until(() => server.received.length === 1)
    expect(server.layer.connections).toBe(1)
  })

  it('a connection reset anywhere in a message ends once and leaves nothing (CVE-2018-7286, CVE-2020-28327)', async () => {
    const server = await served(way)
    const bytes = Buffer.from(way.wrap(options(transport, [], 'a body')))
    const cuts = [0, 1, 20, 120, bytes.length - 8, bytes.length - 1, bytes.length]
    for (const cut of cuts) {
      const peer = await dial(way, server.port)
      await new Promise((resolve) => peer.socket.write(bytes.subarray(0, cut), resolve))
      if (transport === 'TCP' || transport === 'WS') peer.socket.resetAndDestroy()
      else peer.socket.destroy()
    }
    await server.until(() => server.closed.length === cuts.length && server.layer.connections === 0)
    expect(new Set(server.closed.map(({ flow }) => flow)).size).toBe(cuts.length)
    expect(server.received.length).toBeLessThanOrEqual(1)
    for (const { flow } of server.closed) flow.send(new Uint8Array(10))
    expect(server.closed).toHaveLength(cuts.length)
  })

  it('one address holds no more connections than it may, and gets its places back', async () => {
    const server = await served(way, { maxConnectionsPerAddress: 3 })
    const peers = [await dial(way, server.port), await dial(way, server.port), await dial(way, server.port)]
    const refused = await dialRaw(server.port)
    sockets.push(refused.socket)
    await refused.ended
    expect(server.layer.connections).toBe(3)
    peers[0]?.socket.destroy()
    await server.until(() => server.closed.length === 1)
    const again = await dial(way, server.port)
    again.socket.write(way.wrap(options(transport)))
    await server.until(() => server.received.length === 1)
    expect(server.layer.connections).toBe(3)
  })

  it('a peer that does not read is cut off, not buffered for', async () => {
    const server = await served(way, { maxQueuedBytes: 100_000 })
    const peer = await dial(way, server.port)
    peer.socket.pause()
    peer.socket.write(way.wrap(options(transport)))
    await server.until(() => server.received.length === 1)
    const flow = server.received[0]?.flow
    for (let round = 0; round < 1000 && server.closed.length === 0; round++) {
      flow?.send(new Uint8Array(65_000).fill(97))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await server.until(() => server.closed.length === 1)
    expect(server.closed[0]?.error?.code).toBe('closed')
  })

  if (isStream) {
    it('a message that trickles in is given up (slowloris)', async () => {
      const server = await served(way, {}, { messageTimeout: 50 })
      const peer = await dial(way, server.port)
      const trickle = setInterval(() => peer.socket.write('x'), 10)
      peer.socket.write('OPTIONS sip:bob@example.com SIP/2.0\r\nX: ')
      await peer.ended
      clearInterval(trickle)
      await server.until(() => server.closed.length === 1)
      expect(server.closed[0]?.error?.code).toBe('timed-out')
    })
  }

  if (transport !== 'TCP') {
    it('a handshake that does not end is given up (slowloris)', async () => {
      const server = await served(way, { handshakeTimeout: 100 })
      const silent = await dialRaw(server.port)
      sockets.push(silent.socket)
      if (transport === 'WS') silent.socket.write('GET / HTTP/1.1\r\nHost: ')
      await silent.ended
      expect(server.layer.connections).toBe(0)
    })
  }

  it('100 connections come and go: the process holds no more than before', async () => {
    const held = (): number => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|HTTP/.test(name)).length
    const before = held()
    const server = await served(way)
    for (let round = 0; round < 100; round++) {
      const peer = await dial(way, server.port)
      peer.socket.write(way.wrap(options(transport)))
      await server.until(() => server.received.length === round + 1)
      if (round % 2 === 0) peer.socket.destroy()
      else server.received.at(-1)?.flow.close()
      // A WebSocket is closed when both sides said so.
      if (!isStream && round % 2 === 1) {
        await peer.until('\x88\x02\x03\xe8')
        peer.socket.end(frame(8, Uint8Array.of(3, 232)))
      }
      await peer.ended
    }
    await server.until(() => server.closed.length === 100)
    expect(server.layer.connections).toBe(0)
    await server.layer.close()
    // What was closed is let go in one of the next turns of the event loop.
    for (let turn = 0; turn < 1000 && held() > before; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(held()).toBeLessThanOrEqual(before)
  })

  it('closing the layer leaves no handshake open', async () => {
    const server = await served(way)
    const silent = await dialRaw(server.port)
    sockets.push(silent.socket)
    if (transport === 'WS') silent.socket.write('GET / HTTP/1.1\r\nHost: ')
    const standing = await dial(way, server.port)
    const before = performance.now()
    await server.layer.close()
    await silent.ended
    if (isStream) await standing.ended
    expect(server.layer.connections).toBe(0)
    expect(performance.now() - before).toBeLessThan(5000)
  })

  it('a connection that never says anything is given up', async () => {
    const server = await served(way, {}, { firstMessageTimeout: 50 })
    const peer = await dial(way, server.port)
    await server.until(() => server.closed.length === 1)
    if (isStream) await peer.ended
    else await peer.until('\x88\x02\x03\xe8')
    expect(server.closed[0]?.error?.code).toBe('timed-out')
  })
})
