import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { seededRandom, VirtualClock } from '@offhook/sip-machine/testing'
import { TransportError, TransportLayer } from '@offhook/sip-transport'
import type { Flow, Target } from '@offhook/sip-transport'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nodeAdapters } from '../src/index.js'
import { raceAddresses } from '../src/race-addresses.js'

const target: Target = { transport: 'TCP', host: '2001:db8::1', port: 5060, serverName: 'example.com', alternates: ['192.0.2.1', '192.0.2.2'] }

interface Attempt {
  readonly host: string
  readonly signal: AbortSignal | undefined
  readonly answer: (flow: Flow) => void
  readonly refuse: (code: 'refused' | 'unreachable') => void
}

function race(signal?: AbortSignal) {
  const attempts: Attempt[] = []
  const result = raceAddresses(target, signal, (address, own) => new Promise((resolve, reject) => {
    expect(address).toEqual({ transport: 'TCP', host: address.host, port: 5060, serverName: 'example.com' })
    attempts.push({ host: address.host, signal: own, answer: resolve, refuse: (code) => reject(new TransportError(code, address.host)) })
    own?.addEventListener('abort', () => reject(new TransportError('aborted', 'given up')))
  }))
  result.catch(() => undefined)
  return { attempts, result, hosts: () => attempts.map(({ host }) => host) }
}
const flowTo = (host: string, closed: string[] = []): Flow => ({
  transport: 'TCP', reliable: true, direction: 'outbound', local: { host, port: 1 }, remote: { host, port: 2 }, sentBy: host, send: () => undefined, close: () => closed.push(host),
})

describe('RFC 7984, RFC 8305 §5: the addresses of one server', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('the first is all that is tried while it answers in 250 ms', async () => {
    const { attempts, hosts, result } = race()
    await vi.advanceTimersByTimeAsync(249)
    expect(hosts()).toEqual(['2001:db8::1'])
    const flow = flowTo('2001:db8::1')
    attempts[0]?.answer(flow)
    expect(await result).toBe(flow)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(hosts()).toHaveLength(1)
  })

  it('the next is tried beside one that is slow; the first to answer wins, the others are given up', async () => {
    const { attempts, hosts, result } = race()
    await vi.advanceTimersByTimeAsync(250)
    expect(hosts()).toEqual(['2001:db8::1', '192.0.2.1'])
    await vi.advanceTimersByTimeAsync(250)
    expect(hosts()).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2'])
    const flow = flowTo('192.0.2.1')
    attempts[1]?.answer(flow)
    expect(await result).toBe(flow)
    expect(attempts.map(({ signal }) => signal?.aborted)).toEqual([true, false, true])
  })

  it('a slow first may still win', async () => {
    const { attempts, result } = race()
    await vi.advanceTimersByTimeAsync(400)
    const flow = flowTo('2001:db8::1')
    attempts[0]?.answer(flow)
    expect(await result).toBe(flow)
    expect(attempts[1]?.signal?.aborted).toBe(true)
  })

  it('the next is tried at once when one fails; what the first said is told when all do', async () => {
    const { attempts, hosts, result } = race()
    attempts[0]?.refuse('unreachable')
    await vi.advanceTimersByTimeAsync(0)
    attempts[1]?.refuse('refused')
    await vi.advanceTimersByTimeAsync(0)
    expect(hosts()).toHaveLength(3)
    attempts[2]?.refuse('refused')
    await expect(result).rejects.toMatchObject({ code: 'unreachable', message: '2001:db8::1' })
  })

  it('two that answer at the same moment leave one connection', async () => {
    const closed: string[] = []
    const { attempts, result } = race()
    await vi.advanceTimersByTimeAsync(250)
    attempts[0]?.answer(flowTo('2001:db8::1', closed))
    attempts[1]?.answer(flowTo('192.0.2.1', closed))
    expect((await result).remote.host).toBe('2001:db8::1')
    await vi.advanceTimersByTimeAsync(0)
    expect(closed).toEqual(['192.0.2.1'])
  })

  it('giving up gives up all of them', async () => {
    const controller = new AbortController()
    const { attempts, result } = race(controller.signal)
    await vi.advanceTimersByTimeAsync(250)
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'aborted' })
    expect(attempts.map(({ signal }) => signal?.aborted)).toEqual([true, true])
    expect(vi.getTimerCount()).toBe(0)
    await expect(race(controller.signal).result).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('on loopback', () => {
  it('finds the one address on which somebody listens', async () => {
    const server = createServer().listen(0, '127.0.0.2')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const layer = new TransportLayer({ adapters: nodeAdapters(), clock: new VirtualClock(), random: seededRandom(1), receive: () => undefined })
    const flow = await layer.connect({ transport: 'TCP', host: '127.0.0.3', port, alternates: ['127.0.0.2'] })
    expect(flow.remote).toEqual({ host: '127.0.0.2', port })
    await layer.close()
    await new Promise((resolve) => server.close(resolve))
  })
})
