import { connect as connectTls } from 'node:tls'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdapterFactory } from '@offhook/sip-transport'
import { tcpAdapter, tlsAdapter, wsAdapter, wssAdapter } from '../src/index.js'
import type { ConnectionLimits } from '../src/index.js'
import { TestAuthority } from './support/certificates.js'
import { dialRaw, frame, opening, options, rawPeer, serve } from './support/served.js'
import type { RawPeer, Served } from './support/served.js'

const authority = new TestAuthority()
const tls = { ca: authority.ca, ...authority.issue({ addresses: ['127.0.0.1'] }) }

interface Way {
  readonly transport: 'TCP' | 'TLS' | 'WS' | 'WSS'
  adapter(more?: ConnectionLimits): AdapterFactory
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

/** What a TLS client says first. */
function helloOf(): Promise<Buffer> {
  return new Promise((resolve) => {
    const listener = createServer((socket) => socket.on('error', () => undefined).once('data', (bytes: Buffer) => {
      resolve(bytes)
      socket.destroy()
      listener.close()
    }))
    listener.listen(0, '127.0.0.1', () => connectTls({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port }).on('error', () => undefined))
  })
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

  it('all addresses together hold no more connections than they may, handshakes included', async () => {
    const server = await served(way, { maxConnections: 2 })
    const first = await dial(way, server.port)
    const silent = await dialRaw(server.port)
    sockets.push(silent.socket)
    await Promise.race([silent.ended, new Promise((resolve) => setTimeout(resolve, 50))])
    const refused = await dialRaw(server.port)
    sockets.push(refused.socket)
    await refused.ended
    silent.socket.destroy()
    first.socket.write(way.wrap(options(transport)))
    await server.until(() => server.received.length === 1)
    let again: RawPeer | undefined
    // The place is free when the server has seen the end of the silent one.
    for (let round = 0; round < 100 && again === undefined; round++) again = await dial(way, server.port).catch(() => undefined)
    again?.socket.write(way.wrap(options(transport)))
    if (transport !== 'TCP') await server.until(() => server.received.length === 2)
  })

  it('from a peer that leaves its answers unread no more requests are taken until it reads again (back-pressure)', async () => {
    const server = await served(way, { maxQueuedBytes: 16_000_000 })
    const peer = await dial(way, server.port)
    peer.socket.pause()
    const answer = new Uint8Array(500_000).fill(97)
    const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    // What the system itself buffers differs, so it goes on until one is not taken.
    let asked = 0
    for (let taken = true; taken && server.closed.length === 0; ) {
      peer.socket.write(way.wrap(options(transport)))
      asked++
      for (let waited = 0; waited < 100 && server.received.length < asked; waited += 5) await pass(5)
      taken = server.received.length === asked
      server.received[0]?.flow.send(answer.slice())
    }
    expect(server.received.length).toBe(asked - 1)
    expect(server.closed).toEqual([])
    peer.socket.resume()
    await server.until(() => server.received.length === asked)
    expect(server.layer.connections).toBe(1)
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

  if (transport !== 'TCP') {
    it('a handshake that is cut after any number of octets leaves nothing: no flow, no socket, no timer (CVE-2018-7286)', async () => {
      const held = (): number => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|HTTP/.test(name)).length
      const server = await served(way)
      const bytes = transport === 'WS' ? Buffer.from(opening()) : await helloOf()
      const before = held()
      for (const cut of [0, 1, 3, 5, 6, 9, 43, 44, 100, bytes.length - 1, bytes.length]) {
        const peer = await dialRaw(server.port)
        await new Promise((resolve) => peer.socket.write(bytes.subarray(0, cut), resolve))
        if (cut % 2 === 0) peer.socket.resetAndDestroy()
        else peer.socket.destroy()
        await peer.ended
      }
      const standing = await dial(way, server.port)
      standing.socket.write(way.wrap(options(transport)))
      await server.until(() => server.received.length === 1)
      expect(server.closed.every(({ error }) => transport === 'WS' && (error === undefined || error.code === 'closed'))).toBe(true)
      standing.socket.destroy()
      await server.until(() => server.layer.connections === 0)
      for (let turn = 0; turn < 1000 && held() > before; turn++) await new Promise((resolve) => setImmediate(resolve))
      expect(held()).toBeLessThanOrEqual(before)
    })
  }

  it('a server that cuts while it is dialled: one rejection, nothing left', async () => {
    for (const cutAfter of [0, 1, 100]) {
      const cutting = createServer((socket) => {
        socket.on('error', () => undefined)
        if (cutAfter === 0) socket.resetAndDestroy()
        let seen = 0
        socket.on('data', (bytes: Buffer) => {
          seen += bytes.length
          if (seen >= cutAfter) socket.resetAndDestroy()
        })
      })
      await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve))
      const { port } = cutting.address() as AddressInfo
      const client = await served(way)
      const outcome = await client.layer.connect({ transport, host: '127.0.0.1', port }).then((flow) => (flow.close(), 'open'), () => 'rejected')
      if (transport !== 'TCP') expect(outcome).toBe('rejected')
      await client.until(() => client.layer.connections === 0)
      expect(client.closed.length).toBe(outcome === 'open' ? 1 : 0)
      await new Promise((resolve) => cutting.close(resolve))
    }
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
