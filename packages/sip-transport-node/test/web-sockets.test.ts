import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocketOptions } from '../src/index.js'
import { wsAdapter } from '../src/index.js'
import { dialRaw, frame, opening, options, rawPeer, serve } from './support/served.js'
import type { RawPeer, Served } from './support/served.js'

const toClose: { close(): Promise<void> }[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function served(more: WebSocketOptions = {}): Promise<Served> {
  const server = await serve('WS', wsAdapter(more))
  toClose.push(server.layer)
  return server
}

async function raw(port: number, first = ''): Promise<RawPeer> {
  const peer = await dialRaw(port)
  sockets.push(peer.socket)
  if (first !== '') peer.socket.write(first)
  return peer
}

async function opened(port: number): Promise<RawPeer> {
  const peer = await raw(port, opening())
  await peer.until(/\r\n\r\n/)
  return peer
}

describe('RFC 7118 §4: who may open a SIP WebSocket', { timeout: 30_000 }, () => {
  it.each([
    ['the subprotocol sip', {}, '/', ['Sec-WebSocket-Protocol: sip'], 101],
    ['sip among others', {}, '/', ['Sec-WebSocket-Protocol: msrp, sip'], 101],
    ['no subprotocol', {}, '/', [], 400],
    ['another subprotocol', {}, '/', ['Sec-WebSocket-Protocol: sip.extra'], 400],
    ['no Origin: no browser', { allowedOrigins: ['https://a.example.com'] }, '/', ['Sec-WebSocket-Protocol: sip'], 101],
    ['an Origin on the list', { allowedOrigins: ['https://a.example.com'] }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: https://a.example.com'], 101],
    ['an Origin on the list, spelled otherwise', { allowedOrigins: ['https://a.example.com/'] }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: https://A.example.com:443'], 101],
    ['an Origin not on the list', { allowedOrigins: ['https://a.example.com'] }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: https://a.example.com.evil.example'], 403],
    ['an Origin of another scheme', { allowedOrigins: ['https://a.example.com'] }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: http://a.example.com'], 403],
    ['the Origin null, of a file or a sandbox', { allowedOrigins: ['null'] }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: null'], 403],
    ['any Origin, when all are allowed', { allowedOrigins: '*' }, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: https://evil.example'], 101],
    ['no list: a page of this host', {}, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: http://127.0.0.1'], 101],
    ['no list: a page of another host', {}, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: http://evil.example'], 403],
    ['no list: a page of another port', {}, '/', ['Sec-WebSocket-Protocol: sip', 'Origin: http://127.0.0.1:8080'], 403],
    ['the path', { path: '/sip' }, '/sip?x=1', ['Sec-WebSocket-Protocol: sip'], 101],
    ['another path', { path: '/sip' }, '/sip/', ['Sec-WebSocket-Protocol: sip'], 404],
  ] as const)('%s', async (_title, more, path, headers, status) => {
    const { layer, port } = await served(more)
    const peer = await raw(port, opening(path, headers))
    await peer.until(/\r\n\r\n/)
    expect(peer.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (status === 101) expect(peer.text()).toMatch(/\r\nSec-WebSocket-Protocol: sip\r\n/)
    else await peer.ended
    expect(layer.connections).toBe(status === 101 ? 1 : 0)
  })

  it('closes what it refused, though the peer keeps its side open or is gone already', async () => {
    const server = await served()
    const { port, layer, received } = server
    for (let round = 0; round < 20; round++) {
      const peer = await raw(port)
      await new Promise((resolve) => peer.socket.write(opening('/', []), resolve))
      peer.socket.resetAndDestroy()
    }
    const open = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    sockets.push(open)
    const peer = rawPeer(open)
    open.write(opening('/', []))
    await peer.until(/ 400 /)
    const gone = new Promise((resolve) => open.once('error', resolve))
    // Into a connection that is closed on both sides one cannot write for long.
    const writing = setInterval(() => open.write('x'), 5)
    await gone
    clearInterval(writing)
    const good = await opened(port)
    good.socket.write(frame(1, options('WS')))
    await server.until(() => received.length === 1)
    expect(layer.connections).toBe(1)
  })

  it('tells other visitors what is here', async () => {
    const { port } = await served()
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect([response.status, await response.text()]).toEqual([426, 'SIP over WebSocket (RFC 7118)\n'])
  })

  it('hands the Origin up with the flow', async () => {
    const server = await served({ allowedOrigins: '*' })
    const peer = await raw(server.port, opening('/', ['Sec-WebSocket-Protocol: sip', 'Origin: https://a.example.com']))
    await peer.until(/\r\n\r\n/)
    peer.socket.write(frame(1, options('WS')))
    await server.until(() => server.received.length === 1)
    expect(server.received[0]?.flow.origin).toBe('https://a.example.com')
  })
})

describe('RFC 6455 §5: frames (CVE-2014-9374, CVE-2026-77322)', { timeout: 30_000 }, () => {
  it('takes text and binary, fragments with a ping between, and empty frames', async () => {
    const server = await served()
    const peer = await opened(server.port)
    const text = options('WS')
    peer.socket.write(Buffer.concat([
      frame(1, text),
      frame(2, text),
      frame(1, ''), frame(2, ''), frame(9, ''), frame(10, ''),
      frame(1, text.slice(0, 10), { fin: false }), frame(9, 'are you there'), frame(0, '', { fin: false }), frame(0, text.slice(10)),
    ]))
    await server.until(() => server.received.length === 3)
    await peer.until('\x8a\x0dare you there')
    expect(server.layer.counters).toMatchObject({ received: 3, malformed: 0, pings: 2 })
    expect(server.closed).toEqual([])
  })

  it.each([
    ['that announces 2^63 - 1 octets', Buffer.concat([frame(1, 'x', { announced: 0x7fff_ffff_ffff_ffffn })]), 'too-large'],
    ['that announces 2^64 - 1 octets', Buffer.concat([frame(1, 'x', { announced: 0xffff_ffff_ffff_ffffn })]), 'too-large'],
    ['that announces 4 GiB', frame(2, 'x', { announced: 4_294_967_296n }), 'too-large'],
    ['one octet over the limit', frame(1, 'x', { announced: 65_536n }), 'too-large'],
    ['in fragments that are too large together', Buffer.concat(Array.from({ length: 9 }, (_, index) => frame(index === 0 ? 1 : 0, 'x'.repeat(8000), { fin: false }))), 'too-large'],
    ['that continues nothing', frame(0, 'x'), 'framing'],
    ['of an opcode that does not exist', frame(3, 'x'), 'framing'],
    ['without a mask', frame(1, 'x', { masked: false }), 'framing'],
    ['of text that is not UTF-8', frame(1, Uint8Array.of(0xff, 0xfe)), 'framing'],
    ['a control frame in pieces', frame(9, 'x', { fin: false }), 'framing'],
    ['a control frame of 126 octets', frame(9, 'x'.repeat(126)), 'framing'],
  ])('closes the connection that sends a frame %s, and no other', async (_title, bytes, code) => {
    const server = await served()
    const bystander = await opened(server.port)
    const peer = await opened(server.port)
    const before = process.memoryUsage()
    peer.socket.write(bytes)
    await peer.until('\x88\x02\x03')
    peer.socket.end()
    await server.until(() => server.closed.length === 1)
    expect(server.closed[0]?.error?.code).toBe(code)
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(8_000_000)
    bystander.socket.write(frame(1, options('WS')))
    await server.until(() => server.received.length === 1)
  })

  it('answers in text what is text, and in binary what is not', async () => {
    const server = await served()
    const peer = await opened(server.port)
    peer.socket.write(frame(1, options('WS')))
    await server.until(() => server.received.length === 1)
    const flow = server.received[0]?.flow
    flow?.send(new TextEncoder().encode('grüße'))
    flow?.send(Uint8Array.of(0xff, 0xfe))
    await peer.until('\x81\x07gr\xc3\xbc\xc3\x9fe\x82\x02\xff\xfe')
  })
})

describe('on an HTTP server of somebody else', { timeout: 30_000 }, () => {
  async function attached(more: WebSocketOptions, beside?: (server: ReturnType<typeof createServer>) => void) {
    const http = createServer((_request, response) => response.end('the page'))
    beside?.(http)
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    toClose.push({ close: () => new Promise((resolve) => {
      http.closeAllConnections()
      http.close(() => resolve())
    }) })
    const { port } = http.address() as AddressInfo
    const server = await serve('WS', wsAdapter({ server: http, ...more }))
    toClose.push(server.layer)
    return { http, port, server }
  }

  it('takes WebSockets on its path and leaves pages alone', async () => {
    const { port, server } = await attached({ path: '/sip' })
    expect(server.listener.local).toEqual({ host: '127.0.0.1', port })
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('the page')
    const peer = await raw(port, opening('/sip'))
    await peer.until(/ 101 /)
    const stranger = await raw(port, opening('/other'))
    await stranger.until(/ 404 /)
    expect(server.layer.connections).toBe(1)
  })

  it('leaves other paths to whoever serves them', async () => {
    const { port, server } = await attached({ path: '/sip' }, (http) => {
      const echo = new WebSocketServer({ noServer: true })
      http.on('upgrade', (request, socket, head) => {
        if (request.url === '/echo') echo.handleUpgrade(request, socket, head, () => undefined)
      })
    })
    const peer = await raw(port, opening('/echo', []))
    await peer.until(/ 101 /)
    expect(server.layer.connections).toBe(0)
  })

  it('lets the server go when it is closed: its owner goes on serving', async () => {
    const { http, port, server } = await attached({ path: '/sip' })
    await server.layer.close()
    expect(http.listening).toBe(true)
    expect(http.listenerCount('upgrade')).toBe(0)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('the page')
  })

  it('counts WebSockets of one address', async () => {
    const { port, server } = await attached({ maxConnectionsPerAddress: 1 })
    const first = await raw(port, opening())
    await first.until(/ 101 /)
    const second = await raw(port, opening())
    await second.ended
    expect(server.layer.connections).toBe(1)
  })
})
