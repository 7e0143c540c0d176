import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { createResponse } from '@offhook/sip-parser'
import type { Adapter, Flow } from '@offhook/sip-transport'
import { localAddressTowards } from '../src/addresses.js'
import { udpAdapter } from '../src/index.js'
import type { UdpAdapterOptions } from '../src/index.js'
import { FlowRecorder as Recorder } from '@offhook/sip-transport/testing'
import { options, serve } from './support/served.js'

const toClose: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

function made(more?: UdpAdapterOptions): { adapter: Adapter; recorder: Recorder } {
  const recorder = new Recorder()
  const adapter = udpAdapter(more)(recorder)
  toClose.push(adapter)
  return { adapter, recorder }
}

async function rawSocket(host = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  toClose.push(socket)
  return socket
}

describe('a socket that is bound to every address', { timeout: 30_000 }, () => {
  it.each([['0.0.0.0', '127.0.0.1', '127.0.0.1'], ['::', '::1', '[::1]']])('%s: the flow knows the concrete one', async (wildcard, remote, written) => {
    const { adapter, recorder } = made()
    const listener = await adapter.listen?.({ host: wildcard, port: 0 })
    const port = listener?.local.port ?? 0
    const flow = await adapter.connect({ transport: 'UDP', host: remote, port: 9 })
    expect(flow.local).toEqual({ host: remote, port })
    expect(flow.sentBy).toBe(`${written}:${port}`)
    const peer = await rawSocket(remote)
    peer.send('x', port, remote)
    const inbound = await recorder.until(() => recorder.logs[0]?.flow)
    expect(inbound.local).toEqual({ host: remote, port })
    expect(inbound.sentBy).toBe(`${written}:${port}`)
  })

  it('0.0.0.0: towards another machine it is the address of the interface that leads there', async () => {
    const outside = Object.values(networkInterfaces()).flat().find((address) => address?.family === 'IPv4' && !address.internal)
    if (outside === undefined) {
      console.log('skipped: this machine has the loopback interface only')
      return
    }
    const { adapter } = made()
    await adapter.listen?.({ host: '0.0.0.0', port: 0 })
    const flow = await adapter.connect({ transport: 'UDP', host: outside.address, port: 9 })
    expect(flow.local.host).toBe(outside.address)
  })

  it('both wildcards can be bound to one port', async () => {
    const { adapter } = made()
    const four = await adapter.listen?.({ host: '0.0.0.0', port: 0 })
    const six = await adapter.listen?.({ host: '::', port: four?.local.port ?? 0 })
    expect(six?.local.port).toBe(four?.local.port)
  })

  it('what leads nowhere has no local address', () => {
    expect(localAddressTowards('a name')).toBeUndefined()
    expect(localAddressTowards('127.0.0.1')).toBe('127.0.0.1')
    expect(localAddressTowards('::1')).toBe('::1')
  })
})

describe('which socket a request leaves from', { timeout: 30_000 }, () => {
  it('is a listener that reaches the target, else one of its own, and stays the same', async () => {
    const { adapter } = made()
    const six = await adapter.listen?.({ host: '::1', port: 0 })
    const four = await adapter.connect({ transport: 'UDP', host: '127.0.0.1', port: 9 })
    expect(four.local.port).not.toBe(six?.local.port)
    expect((await adapter.connect({ transport: 'UDP', host: '127.0.0.1', port: 10 })).local).toEqual(four.local)
    expect((await adapter.connect({ transport: 'UDP', host: '::1', port: 9 })).local).toEqual(six?.local)
  })

  it('is the one that was asked for among several', async () => {
    const { adapter } = made()
    const locals = [await adapter.listen?.({ host: '127.0.0.1', port: 0 }), await adapter.listen?.({ host: '127.0.0.1', port: 0 })].map((listener) => listener?.local ?? { host: '', port: 0 })
    for (const local of locals) expect((await adapter.connect({ transport: 'UDP', host: '127.0.0.1', port: 9, local })).local).toEqual(local)
  })

  it('finds a name', async () => {
    const { adapter } = made()
    expect(['127.0.0.1', '::1']).toContain((await adapter.connect({ transport: 'UDP', host: 'localhost', port: 9 })).remote.host)
    await expect(adapter.connect({ transport: 'UDP', host: 'nowhere.invalid', port: 9 })).rejects.toMatchObject({ code: 'unreachable' })
  })
})

describe('flows of a socket', { timeout: 30_000 }, () => {
  it('are one object for each remote address, and only so many are remembered', async () => {
    const { adapter, recorder } = made({ maxFlows: 2 })
    const listener = await adapter.listen?.({ host: '127.0.0.1', port: 0 })
    const port = listener?.local.port ?? 0
    const peers = [await rawSocket(), await rawSocket(), await rawSocket()]
    const flows: Flow[] = []
    for (const [index, peer] of peers.entries()) {
      for (let round = 0; round < 2; round++) peer.send('x', port, '127.0.0.1')
      flows.push(await recorder.until(() => recorder.logs[index]?.received.length === 2 && recorder.logs[index].flow))
    }
    expect(recorder.logs).toHaveLength(3)
    // The first is forgotten, not closed: it can still be sent to.
    const heard = new Promise((resolve) => peers[0]?.once('message', (bytes) => resolve(bytes.toString())))
    flows[0]?.send(new TextEncoder().encode('still there'))
    expect(await heard).toBe('still there')
    expect(recorder.logs.every(({ closed }) => closed === 0)).toBe(true)
    peers[2]?.send('x', port, '127.0.0.1')
    await recorder.until(() => recorder.logs[2]?.received.length === 3)
    expect(recorder.logs).toHaveLength(3)
  })

  it('end, once, when what they send cannot go out', async () => {
    const { adapter, recorder } = made()
    const flow = await adapter.connect({ transport: 'UDP', host: '127.0.0.1', port: 9 })
    flow.send(new Uint8Array(65_508))
    const log = await recorder.until(() => recorder.logs.find(({ closed }) => closed > 0))
    expect(log.error?.code).toBe('too-large')
    flow.send(new Uint8Array(1))
    flow.close()
    expect(log.closed).toBe(1)
    expect(await adapter.connect({ transport: 'UDP', host: '127.0.0.1', port: 9 })).not.toBe(flow)
  })

  it('have a receive buffer that takes a burst: 500 requests at once are all answered', async () => {
    const server = await serve('UDP', udpAdapter())
    toClose.push(server.layer)
    const peer = await rawSocket()
    let answers = 0
    const all = new Promise<void>((resolve) => peer.on('message', () => {
      if (++answers === 500) resolve()
    }))
    peer.setRecvBufferSize(4_000_000)
    const bytes = Buffer.from(options('UDP'))
    for (let index = 0; index < 500; index++) peer.send(bytes, server.port, '127.0.0.1')
    await server.until(() => server.received.length === 500)
    for (const { message, flow } of server.received) if (message.kind === 'request') server.layer.respond(createResponse(message, { statusCode: 200, toTag: 'b' }), flow)
    await all
    expect(new Set(server.received.map(({ flow }) => flow)).size).toBe(1)
  })
})

describe('a datagram that is not SIP', { timeout: 30_000 }, () => {
  it('is dropped and counted, and the next one is served', async () => {
    const server = await serve('UDP', udpAdapter())
    toClose.push(server.layer)
    const peer = await rawSocket()
    for (const text of ['', '\r\n\r\n', 'hello', '\x00\x01\x00\x00', 'x'.repeat(60_000)]) peer.send(text, server.port, '127.0.0.1')
    peer.send(options('UDP'), server.port, '127.0.0.1')
    await server.until(() => server.received.length === 1)
    expect(server.layer.counters).toMatchObject({ received: 1, malformed: 3, pings: 2, sent: 0 })
  })
})
