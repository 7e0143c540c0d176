import { StreamFramer } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import type { AdapterFactory, Flow, Target } from '../src/index.js'
import { TransportError } from '../src/index.js'
import { encode, options } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5061 }

/** An adapter whose dials end when the test says so. */
function manualAdapter(): { readonly factory: AdapterFactory; readonly dials: { readonly target: Target; readonly signal: AbortSignal | undefined; stand(): Flow; fail(error: TransportError): void }[] } {
  const dials: ReturnType<typeof manualAdapter>['dials'] = []
  const factory: AdapterFactory = (receiver) => ({
    transport: 'TLS', framing: StreamFramer, close: () => Promise.resolve(),
    connect: (target, signal) => new Promise((resolve, reject) => {
      dials.push({
        target, signal,
        fail: (error) => reject(error),
        stand: () => {
          const flow: Flow = {
            transport: 'TLS', reliable: true, local: { host: '192.0.2.4', port: 1 }, remote: target, sentBy: '192.0.2.4:1', direction: 'outbound',
            send: () => undefined, close: () => receiver.closed(flow),
          }
          receiver.opened(flow)
          resolve(flow)
          return flow
        },
      })
    }),
  })
  return { factory, dials }
}

describe('connections (RFC 3261 §18, RFC 5923)', () => {
  it('reuses one for the same place and name only: a verified name is part of the key (CVE-2020-15260)', async () => {
    const stage = new Stage()
    const manual = manualAdapter()
    const { layer } = stage.node('192.0.2.4', [], { adapters: [manual.factory] })
    const target: Target = { transport: 'TLS', ...SERVER, serverName: 'a.example.com' }
    const first = layer.connect(target)
    manual.dials[0]?.stand()
    expect(await layer.connect({ ...target, serverName: 'A.EXAMPLE.COM' })).toBe(await first)
    expect(manual.dials).toHaveLength(1)
    for (const other of [{ ...target, serverName: 'b.example.com' }, { ...target, port: 5062 }, { ...target, host: '192.0.2.2' }, { transport: 'TLS', ...SERVER } as const, { ...target, path: '/other' }]) {
      const dialled = manual.dials.length
      const dial = layer.connect(other)
      manual.dials[dialled]?.stand()
      expect(await dial).not.toBe(await first)
      expect(manual.dials).toHaveLength(dialled + 1)
    }
  })

  it('does not take a TLS connection that the peer opened for one to a name (CVE-2020-15260), a TCP one it does', async () => {
    for (const [transport, reused] of [['TLS', false], ['TCP', true]] as const) {
      const stage = new Stage()
      const server = stage.node(SERVER.host, [transport])
      await server.layer.listen({ transport, ...SERVER })
      const peer = stage.peer('192.0.2.4', transport)
      const flow = await stage.dial(peer, { transport, ...SERVER })
      const dial = stage.clock.runUntil(server.layer.connect({ transport, ...flow.local }).catch((error: unknown) => error))
      const result = await dial
      if (reused) expect(result).toMatchObject({ direction: 'inbound', remote: flow.local })
      else expect(result).toMatchObject({ code: 'refused' })
    }
  })

  it('shares one dial, and gives it up when the last of those who wait has', async () => {
    const stage = new Stage()
    const manual = manualAdapter()
    const { layer } = stage.node('192.0.2.4', [], { adapters: [manual.factory] })
    const target: Target = { transport: 'TLS', ...SERVER }
    const one = new AbortController()
    const two = new AbortController()
    const first = layer.connect(target, one.signal).catch((error: unknown) => error)
    const second = layer.connect(target, two.signal).catch((error: unknown) => error)
    await stage.settle()
    expect(manual.dials).toHaveLength(1)
    one.abort('first is gone')
    expect(await first).toMatchObject({ code: 'aborted', cause: 'first is gone' })
    expect(manual.dials[0]?.signal?.aborted).toBe(false)
    two.abort()
    expect(await second).toMatchObject({ code: 'aborted' })
    expect(manual.dials[0]?.signal?.aborted).toBe(true)
    const third = layer.connect(target)
    await stage.settle()
    expect(manual.dials).toHaveLength(2)
    manual.dials[1]?.stand()
    expect(await third).toMatchObject({ direction: 'outbound' })
  })

  it('gives everybody who waits the reason of a failure, and dials anew next time', async () => {
    const stage = new Stage()
    const manual = manualAdapter()
    const { layer } = stage.node('192.0.2.4', [], { adapters: [manual.factory] })
    const target: Target = { transport: 'TLS', ...SERVER }
    const both = Promise.allSettled([layer.connect(target), layer.connect(target)])
    await stage.settle()
    manual.dials[0]?.fail(new TransportError('tls', 'wrong name'))
    expect((await both).map((outcome) => outcome.status === 'rejected' && (outcome.reason as unknown))).toMatchObject([{ code: 'tls' }, { code: 'tls' }])
    const again = layer.connect(target)
    await stage.settle()
    manual.dials[1]?.stand()
    expect(await again).toMatchObject({ direction: 'outbound' })
  })

  it('takes an IPv6 address with or without its brackets', async () => {
    const stage = new Stage()
    const { layer } = stage.node('2001:db8::4', ['TCP', 'UDP'])
    const peer = stage.peer('2001:db8::1', 'TCP')
    await peer.adapter.listen?.({ host: '2001:db8::1', port: 5060 })
    const bare = await stage.clock.runUntil(layer.connect({ transport: 'TCP', host: '2001:db8::1', port: 5060 }))
    expect(await layer.connect({ transport: 'TCP', host: '[2001:DB8:0::1]', port: 5060 })).toBe(bare)
    expect((await layer.connect({ transport: 'UDP', host: '[2001:db8::1]', port: 5060 })).remote.host).toBe('2001:db8::1')
  })

  it('refuses what has been given up, what has no adapter, and everything once closed', async () => {
    const stage = new Stage()
    const { layer } = stage.node('192.0.2.4', ['TCP'])
    const controller = new AbortController()
    controller.abort()
    await expect(layer.connect({ transport: 'TCP', ...SERVER }, controller.signal)).rejects.toMatchObject({ code: 'aborted' })
    await expect(layer.connect({ transport: 'UDP', ...SERVER })).rejects.toMatchObject({ code: 'no-adapter' })
    await expect(layer.listen({ transport: 'UDP', ...SERVER })).rejects.toMatchObject({ code: 'no-adapter' })
    await layer.close()
    await expect(layer.connect({ transport: 'TCP', ...SERVER })).rejects.toMatchObject({ code: 'closed' })
    await expect(layer.listen({ transport: 'TCP', host: '192.0.2.4', port: 0 })).rejects.toMatchObject({ code: 'closed' })
    await layer.close()
  })

  it('tells of every connection’s end once and keeps nothing of it, wherever it was cut (CVE-2018-7286, CVE-2020-28327)', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['TCP'])
    await server.layer.listen({ transport: 'TCP', ...SERVER })
    const text = encode(options('SIP/2.0/TCP 192.0.2.4;branch=z9hG4bK1', [], 'a body of some octets'))
    const peer = stage.peer('192.0.2.4', 'TCP')
    for (let cut = 0; cut <= text.length; cut++) {
      const flow = await stage.dial(peer, { transport: 'TCP', ...SERVER })
      flow.send(text.subarray(0, cut))
      await stage.settle()
      flow.close()
      await stage.settle()
      expect([server.layer.connections, server.closed.length]).toEqual([0, cut + 1])
    }
    expect(new Set(server.closed.map(({ flow }) => flow)).size).toBe(text.length + 1)
    expect(server.closed.every(({ error }) => error === undefined)).toBe(true)
    expect(server.received).toHaveLength(1)
    expect(stage.clock.pending).toBe(0)
  })
})
