import { TransportLayer, TransportError } from '@offhook/sip-transport'
import type { Adapter, AdapterFactory, Endpoint, Flow, Listener, Target } from '@offhook/sip-transport'
import { createResponse, parseMessage } from '@offhook/sip-parser'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import { hostClock, hostRandom } from '../../../sip-machine/src/host/index.js'
import { afterEach, describe, expect, it } from 'vitest'
import { Recorder } from './recorder.js'

/** An adapter under test. Listening and dialling may be different ones. */
export interface Subject {
  readonly name: string
  readonly listening: () => AdapterFactory
  readonly dialling: () => AdapterFactory
  readonly host: string
  /** More for the target, such as the name to verify. */
  readonly target?: Partial<Target>
  /** Tests that mean nothing here, each with the reason. */
  readonly skips?: Partial<Record<'refused' | 'peerAddress' | 'reset', string>>
}

const encoder = new TextEncoder()

/** What every adapter must do: the contract of `adapter.ts`, and a message each way through the layer above it. */
export function adapterSuite(subject: Subject): void {
  describe(`adapter contract: ${subject.name}`, { timeout: 30_000 }, () => {
    const toClose: { close(): Promise<void> }[] = []
    afterEach(async () => {
      await Promise.all(toClose.splice(0).map((closable) => closable.close()))
    })

    const make = (factory: AdapterFactory, recorder = new Recorder()): { adapter: Adapter; recorder: Recorder } => {
      const adapter = factory(recorder)
      toClose.push(adapter)
      return { adapter, recorder }
    }
    const listen = async (adapter: Adapter, port = 0): Promise<Listener> => {
      if (adapter.listen === undefined) throw new TransportError('no-adapter', 'The adapter does not listen.')
      return adapter.listen({ host: subject.host, port })
    }
    const targetAt = (local: Endpoint): Target => ({ transport: make(subject.dialling()).adapter.transport, host: subject.host, port: local.port, ...subject.target })

    const pair = async () => {
      const server = make(subject.listening())
      const client = make(subject.dialling())
      const listener = await listen(server.adapter)
      const dialled = await client.adapter.connect(targetAt(listener.local))
      dialled.send(encoder.encode('first'))
      const accepted = await server.recorder.until(() => server.recorder.logs.find((log) => log.received.length > 0)?.flow)
      return { server, client, listener, dialled, accepted }
    }
    const codeOf = async (promise: Promise<unknown>): Promise<string> => {
      const outcome: unknown = await promise.catch((error: unknown) => error)
      return outcome instanceof TransportError ? outcome.code : `no TransportError: ${String(outcome)}`
    }
    const unless = (reason: string | undefined) => (title: string, test: () => Promise<void>) => {
      if (reason === undefined) it(title, test)
      else it.skip(`${title} — skipped: ${reason}`, test)
    }
    const isDatagram = subject.dialling()(new Recorder()).framing === 'datagram'
    const onlyConnections = isDatagram ? 'UDP has no connections' : undefined

    it('opens, accepts and carries bytes both ways', async () => {
      const { server, client, dialled, accepted } = await pair()
      accepted.send(encoder.encode('back'))
      await client.recorder.until(() => client.recorder.text(dialled) === 'back')
      expect(server.recorder.text(accepted)).toBe('first')
      expect([dialled.direction, accepted.direction]).toEqual(['outbound', 'inbound'])
      expect(dialled.reliable).toBe(!isDatagram)
    })

    unless(onlyConnections)('tells of the opening once, before anything else', async () => {
      const { server, client, dialled, accepted } = await pair()
      expect(server.recorder.of(accepted).order).toEqual(['opened', 'received'])
      expect(client.recorder.of(dialled).order).toEqual(['opened'])
    })

    it('knows both addresses, and gives one for the Via', async () => {
      const { listener, dialled, accepted } = await pair()
      expect(listener.local.port).toBeGreaterThan(0)
      expect(dialled.remote.port).toBe(listener.local.port)
      expect(accepted.local).toEqual(listener.local)
      for (const flow of [dialled, accepted]) {
        const via = parseMessage(`SIP/2.0 200 OK\r\nVia: SIP/2.0/${flow.transport} ${flow.sentBy};branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n`)
        expect(via.ok && via.value.via.sentBy).toBe(flow.sentBy)
      }
    })

    unless(subject.skips?.peerAddress)('sees the address that the peer sees of itself', async () => {
      const { dialled, accepted } = await pair()
      expect(accepted.remote).toEqual(dialled.local)
    })

    it('carries 60,000 octets whole', async () => {
      const { server, dialled, accepted } = await pair()
      const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => 32 + (index % 95))
      dialled.send(bytes.slice())
      await server.recorder.until(() => server.recorder.text(accepted).length === 60_005)
      expect(server.recorder.text(accepted).slice(5)).toBe(new TextDecoder().decode(bytes))
    })

    it('carries octets that are not text', async () => {
      const { server, dialled, accepted } = await pair()
      dialled.send(Uint8Array.of(0xff, 0x00, 0xfe, 0x80))
      await server.recorder.until(() => server.recorder.of(accepted).received.length > 1)
      expect([...(server.recorder.of(accepted).received[1] ?? [])]).toEqual([0xff, 0x00, 0xfe, 0x80])
    })

    for (const side of ['dialling', 'accepting'] as const) {
      unless(onlyConnections)(`closes from the ${side} side: each side is told once, in peace, after what was sent`, async () => {
        const { server, client, dialled, accepted } = await pair()
        const [near, far] = side === 'dialling' ? [dialled, accepted] : [accepted, dialled]
        const [nearEnd, farEnd] = side === 'dialling' ? [client, server] : [server, client]
        near.send(encoder.encode('last words'))
        near.close()
        near.close()
        await farEnd.recorder.until(() => farEnd.recorder.of(far).closed > 0)
        await nearEnd.recorder.until(() => nearEnd.recorder.of(near).closed > 0)
        near.send(encoder.encode('too late'))
        far.send(encoder.encode('too late'))
        far.close()
        expect(farEnd.recorder.text(far)).toMatch(/last words$/)
        expect(farEnd.recorder.of(far)).toMatchObject({ opened: 1, closed: 1, error: undefined })
        expect(nearEnd.recorder.of(near)).toMatchObject({ opened: 1, closed: 1, error: undefined })
      })
    }

    unless(isDatagram ? 'UDP is not told' : subject.skips?.refused)('says refused when nobody listens', async () => {
      const server = make(subject.listening())
      const listener = await listen(server.adapter)
      await listener.close()
      await server.adapter.close()
      expect(await codeOf(make(subject.dialling()).adapter.connect(targetAt(listener.local)))).toBe('refused')
    })

    it('says aborted when the caller gave up before', async () => {
      const { listener } = await pair()
      const controller = new AbortController()
      controller.abort('no longer wanted')
      expect(await codeOf(make(subject.dialling()).adapter.connect(targetAt(listener.local), controller.signal))).toBe('aborted')
    })

    unless(onlyConnections)('says aborted when the caller gives up meanwhile, and leaves no connection', async () => {
      const { listener, server } = await pair()
      const { adapter, recorder } = make(subject.dialling())
      const controller = new AbortController()
      const dial = codeOf(adapter.connect(targetAt(listener.local), controller.signal))
      controller.abort()
      expect(await dial).toBe('aborted')
      await adapter.close()
      expect(recorder.logs).toEqual([])
      await server.recorder.until(() => server.recorder.logs.filter((log) => log.opened > log.closed).length === 1)
    })

    it('says address-in-use when somebody listens there', async () => {
      const { listener } = await pair()
      expect(await codeOf(listen(make(subject.listening()).adapter, listener.local.port))).toBe('address-in-use')
    })

    it('says bad-address for an address that is not here', async () => {
      const { adapter } = make(subject.listening())
      const host = subject.host.includes(':') ? '2001:db8::1' : '192.0.2.250'
      expect(await codeOf(adapter.listen?.({ host, port: 0 }) ?? Promise.resolve())).toBe('bad-address')
    })

    unless(onlyConnections)('keeps connections when their listener closes', async () => {
      const { client, listener, dialled, accepted } = await pair()
      await listener.close()
      accepted.send(encoder.encode('still here'))
      await client.recorder.until(() => client.recorder.text(dialled) === 'still here')
      if (subject.skips?.refused === undefined) expect(await codeOf(make(subject.dialling()).adapter.connect(targetAt(listener.local)))).toBe('refused')
    })

    it('ends everything when it is closed, and frees the port', async () => {
      const { server, client, listener, dialled, accepted } = await pair()
      await server.adapter.close()
      await server.recorder.until(() => server.recorder.of(accepted).closed === 1)
      if (!isDatagram) await client.recorder.until(() => client.recorder.of(dialled).closed === 1)
      const again = await listen(make(subject.listening()).adapter, listener.local.port)
      expect(again.local.port).toBe(listener.local.port)
      await client.adapter.close()
      expect(client.recorder.of(dialled).closed).toBe(1)
    })

    layerSuite(subject, toClose)
  })
}

function layerSuite(subject: Subject, toClose: { close(): Promise<void> }[]): void {
  const layer = (factory: AdapterFactory, receive: (message: SipMessage, flow: Flow, self: TransportLayer) => void): TransportLayer => {
    const self: TransportLayer = new TransportLayer({ adapters: [factory], clock: hostClock, random: hostRandom, receive: (message, flow) => receive(message, flow, self) })
    toClose.push(self)
    return self
  }
  const options = (via: string): SipRequest => {
    const parsed = parseMessage(`OPTIONS sip:b@example.com SIP/2.0\r\nVia: ${via}\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`)
    if (!parsed.ok || parsed.value.kind !== 'request') throw new TypeError('the request does not parse')
    return parsed.value
  }

  it('carries a request and its response through two layers, and reuses the flow', async () => {
    const server = layer(subject.listening(), (message, flow, self) => {
      if (message.kind === 'request') self.respond(createResponse(message, { statusCode: 200, toTag: 'x' }), flow)
    })
    const got: SipMessage[] = []
    let seen = (): void => undefined
    const answered = new Promise<void>((resolve) => { seen = resolve })
    const client = layer(subject.dialling(), (message) => {
      got.push(message)
      seen()
    })
    const { transport } = subject.dialling()(new Recorder())
    const { local } = await server.listen({ transport, host: subject.host, port: 0 })
    const target: Target = { transport, host: subject.host, port: local.port, ...subject.target }
    const [first, second] = await Promise.all([client.connect(target), client.connect(target)])
    const third = await client.connect(target)
    expect(second).toBe(first)
    expect(third).toBe(first)
    expect(client.send(options(client.via(first, 'z9hG4bKabc')), first)).toBeUndefined()
    await answered
    const [response] = got
    expect(response?.kind === 'response' && response.statusCode).toBe(200)
    expect(response?.via.received).toBeDefined()
    expect(response?.via.branch).toBe('z9hG4bKabc')
    expect(typeof response?.via.rport).toBe('number')
    expect(server.counters).toMatchObject({ received: 1, sent: 1, malformed: 0, dropped: 0 })
    expect(client.counters).toMatchObject({ received: 1, sent: 1, malformed: 0, dropped: 0 })
  })
}
