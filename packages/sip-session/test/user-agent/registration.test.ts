import { DigestServer } from '@offhook/sip-auth'
import { seededRandom } from '@offhook/sip-machine/testing'
import { authorization, createResponse, proxyAuthorization } from '@offhook/sip-parser'
import type { HeaderValue, SipRequest } from '@offhook/sip-parser'
import { TransportLayer } from '@offhook/sip-transport'
import type { Flow } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { RegistrationError } from '../../src/index.js'
import type { RegistrationState, UserAgent, UserAgentOptions } from '../../src/index.js'
import { createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly registrar: RawPeer
  readonly states: RegistrationState[]
}

function world(options: Partial<UserAgentOptions> = {}): World {
  const network = createTestNetwork()
  const alice = network.agent('alice', { server: 'sip:192.0.2.99', ...options })
  const states: RegistrationState[] = []
  alice.on('registration', (state) => states.push(state))
  return { network, alice, registrar: new RawPeer(network), states }
}

/** The Contact of the request with the expiry that the registrar grants. */
const granted = (request: SipRequest, expires: number): [string, HeaderValue][] => [['Contact', `${request.headers.get('Contact') ?? ''};expires=${expires}`]]

describe('RFC 3261 §10.2 registration', () => {
  it('sends the domain as Request-URI, our address as From and To, and Contact and Expires', async () => {
    const { alice, registrar, network } = world({ instanceId: '00000000-0000-4000-8000-00000000abcd' })
    const registration = alice.register({ expires: 300, headers: { 'X-Phone': 'desk' } })
    const request = await registrar.nextRequest('REGISTER')
    expect(String(request.requestUri)).toBe('sip:example.test')
    expect(String(request.from.uri)).toBe('sip:alice@example.test')
    expect(String(request.to.uri)).toBe('sip:alice@example.test')
    expect(request.expires).toBe(300)
    expect(String(request.contact)).toBe('<sip:alice@192.0.2.1:5060>;+sip.instance="<urn:uuid:00000000-0000-4000-8000-00000000abcd>";reg-id=1')
    expect(request.headers.get('X-Phone')).toBe('desk')
    registrar.respond(request, 200, { headers: [...granted(request, 240), ['Service-Route', '<sip:192.0.2.99;lr>']] })
    expect(await network.run(registration)).toMatchObject({ expires: 240, registrar: 'sip:example.test', serviceRoute: ['<sip:192.0.2.99;lr>'] })
    expect(alice.registrationState).toEqual({ name: 'registered', expires: 240 })
    // The Service-Route is the route of what follows (RFC 3608 §5).
    void alice.message('bob', 'hello')
    const message = await registrar.nextRequest('MESSAGE')
    expect(message.route.map(String)).toEqual(['<sip:192.0.2.99;lr>'])
    registrar.respond(message, 202)
    await network.advance(10)
  })

  it('renews in time, with one Call-ID and rising numbers', async () => {
    const { alice, registrar, network } = world()
    const registration = alice.register({ expires: 100 })
    const first = await registrar.nextRequest('REGISTER')
    registrar.respond(first, 200, { headers: granted(first, 100) })
    await network.run(registration)
    for (let time = 1; time < 4; time++) {
      const before = network.clock.now()
      const request = await registrar.nextRequest('REGISTER')
      expect(network.clock.now() - before).toBeGreaterThan(69_000)
      expect(network.clock.now() - before).toBeLessThan(91_000)
      expect(request.callId).toBe(first.callId)
      expect(request.cseq.sequence).toBe(1 + time)
      registrar.respond(request, 200, { headers: granted(request, 100) })
    }
    const gone = alice.unregister()
    const request = await registrar.nextRequest('REGISTER')
    expect(request.expires).toBe(0)
    expect(String(request.contact?.uri)).toBe('sip:alice@192.0.2.1:5060')
    registrar.respond(request, 200)
    await network.run(gone)
    expect(alice.registrationState).toEqual({ name: 'unregistered' })
    await expectNothingLeft(network, alice)
  })

  it('unregisters everything with Contact: *', async () => {
    const { alice, registrar, network } = world()
    const gone = alice.unregister({ all: true })
    const request = await registrar.nextRequest('REGISTER')
    expect(request.contacts).toBe('*')
    expect(request.expires).toBe(0)
    registrar.respond(request, 200)
    await network.run(gone)
    await expectNothingLeft(network, alice)
  })

  it('finds its own binding among many, by instance, by URI, or by user and host', async () => {
    const own = '<sip:alice@192.0.2.1:5060>'
    const cases: [string, string, number][] = [
      [`<sip:alice@198.51.100.7>;expires=7, ${own};expires=60, <sip:alice@198.51.100.8>;expires=9`, 'x', 60],
      [`<sip:alice@203.0.113.9:1024;ob>;expires=50;+sip.instance="<urn:uuid:x>", <sip:alice@198.51.100.7>;expires=7`, 'urn:uuid:x', 50],
      [`<sip:alice@192.0.2.1:5060;transport=udp;ob>;expires=40`, 'x', 40],
    ]
    for (const [contact, instanceId, expires] of cases) {
      const { alice, registrar, network } = world({ instanceId })
      const registration = alice.register()
      registrar.respond(await registrar.nextRequest('REGISTER'), 200, { headers: [['Contact', contact]] })
      expect((await network.run(registration)).expires).toBe(expires)
    }
  })

  it('is content with a 200 that does not list it, or lists it without a number', async () => {
    const cases: [[string, string][], number][] = [
      [[], 600], [[['Expires', '120']], 120], [[['Contact', '<sip:alice@192.0.2.1:5060>'], ['Expires', '90']], 90], [[['Contact', '<sip:alice@192.0.2.1:5060>;expires=soon']], 600], [[['Contact', 'garbage <']], 600],
    ]
    for (const [headers, expires] of cases) {
      const { alice, registrar, network } = world()
      const registration = alice.register()
      registrar.respond(await registrar.nextRequest('REGISTER'), 200, { headers })
      expect((await network.run(registration)).expires).toBe(expires)
    }
  })

  it('423: asks again for as long as the registrar wants', async () => {
    const { alice, registrar, network } = world()
    const registration = alice.register({ expires: 60 })
    registrar.respond(await registrar.nextRequest('REGISTER'), 423, { headers: [['Min-Expires', 1800]] })
    const second = await registrar.nextRequest('REGISTER')
    expect(second.expires).toBe(1800)
    registrar.respond(second, 200, { headers: granted(second, 1800) })
    expect((await network.run(registration)).expires).toBe(1800)
  })

  it.each([[403, 'unauthorized'], [404, 'rejected'], [423, 'rejected'], [503, 'unreachable'], [302, 'rejected']] as const)('%i rejects with the code %s', async (status, code) => {
    const { alice, registrar, network, states } = world()
    const registration = alice.register()
    registration.catch(() => undefined)
    registrar.respond(await registrar.nextRequest('REGISTER'), status)
    const error: unknown = await network.run(registration.catch((thrown: unknown) => thrown))
    expect(error).toBeInstanceOf(RegistrationError)
    expect(error).toMatchObject({ code, status })
    expect(states.at(-1)).toMatchObject({ name: 'failed' })
    await expectNothingLeft(network, alice)
  })

  it('rejects when nobody answers, and when there is no way', async () => {
    const { alice, network, registrar } = world()
    registrar.detach()
    expect(await network.run(alice.register().catch((thrown: unknown) => thrown))).toMatchObject({ code: 'unreachable', status: 408 })
    await expectNothingLeft(network, alice)
    const other = createTestNetwork()
    const bob = other.agent('bob', { server: 'sip:nowhere@example.test' })
    expect(await other.run(bob.register().catch((thrown: unknown) => thrown))).toMatchObject({ code: 'unreachable', status: 503 })
    await expectNothingLeft(other, bob)
  })

  it('tries as often as it is told, later and later, and no sooner than Retry-After', async () => {
    const { alice, registrar, network, states } = world()
    const registration = alice.register({ retries: 3 })
    registration.catch(() => undefined)
    const at: number[] = []
    for (let time = 0; time < 4; time++) {
      const request = await registrar.nextRequest('REGISTER')
      at.push(network.clock.now())
      registrar.respond(request, 503, time === 2 ? { headers: [['Retry-After', 100]] } : {})
    }
    expect(await network.run(registration.catch((thrown: unknown) => thrown))).toMatchObject({ code: 'unreachable', status: 503 })
    const pauses = at.slice(1).map((instant, index) => instant - at[index]!)
    expect(pauses[0]).toBeGreaterThanOrEqual(1000)
    expect(pauses[0]).toBeLessThan(2100)
    expect(pauses[1]).toBeGreaterThanOrEqual(2000)
    expect(pauses[1]).toBeLessThan(4100)
    expect(pauses[2]).toBeGreaterThanOrEqual(100_000)
    expect(states.map(({ name }) => name)).toEqual(['registering', 'retrying', 'retrying', 'retrying', 'failed'])
  })

  it('once bound it never gives up, and comes back', async () => {
    const { alice, registrar, network, states } = world()
    const registration = alice.register({ expires: 60 })
    const first = await registrar.nextRequest('REGISTER')
    registrar.respond(first, 200, { headers: granted(first, 60) })
    await network.run(registration)
    for (let time = 0; time < 12; time++) registrar.respond(await registrar.nextRequest('REGISTER'), 500)
    await network.advance(10)
    expect(states.at(-1)?.name).toBe('retrying')
    const last = await registrar.nextRequest('REGISTER')
    registrar.respond(last, 200, { headers: granted(last, 60) })
    await network.advance(10)
    expect(states.at(-1)).toEqual({ name: 'registered', expires: 60 })
  })

  it('can be given up by the application', async () => {
    const { alice, network } = world()
    const abort = new AbortController()
    const registration = alice.register({ signal: abort.signal })
    const outcome = registration.catch((thrown: unknown) => thrown)
    await network.advance(100)
    abort.abort()
    expect(await outcome).toMatchObject({ code: 'aborted' })
    await network.close()
  })

  it('two callers share one registration; the second waits for the same answer', async () => {
    const { alice, registrar, network } = world()
    const both = Promise.all([alice.register(), alice.register()])
    const request = await registrar.nextRequest('REGISTER')
    registrar.respond(request, 200, { headers: granted(request, 60) })
    const [one, two] = await network.run(both)
    expect(one).toBe(two)
    expect(registrar.names).toEqual(['REGISTER'])
  })

  it('close() unregisters and does not wait for ever', async () => {
    const { alice, registrar, network } = world()
    const registration = alice.register()
    const request = await registrar.nextRequest('REGISTER')
    registrar.respond(request, 200, { headers: granted(request, 60) })
    await network.run(registration)
    const before = network.clock.now()
    await network.run(alice.close())
    expect(network.clock.now() - before).toBe(2000)
    expect(registrar.received.at(-1)).toMatchObject({ method: 'REGISTER' })
    expect(network.clock.pending).toBe(0)
    expect(() => alice.call('bob')).toThrow(expect.objectContaining({ code: 'closed' }))
    expect(() => alice.register()).toThrow(expect.objectContaining({ code: 'closed' }))
  })
})

describe('a lost connection', () => {
  it('registers again at once, on a new connection; a call that stood goes on there', async () => {
    const network = createTestNetwork({ transport: 'TCP' })
    const alice = network.agent('alice', { server: 'sip:192.0.2.99', listen: [] })
    const flows: Flow[] = []
    const seen: string[] = []
    const server = new TransportLayer({
      adapters: [network.adapter('192.0.2.99')], clock: network.clock, random: seededRandom(9),
      receive: (message, flow) => {
        if (!flows.includes(flow)) flows.push(flow)
        if (message.kind !== 'request') return
        seen.push(`${message.method} on ${flows.indexOf(flow)}`)
        if (message.method === 'ACK') return
        const headers: [string, string][] = [['Contact', message.method === 'REGISTER' ? `${message.headers.get('Contact') ?? ''};expires=60` : '<sip:peer@192.0.2.99;transport=tcp>']]
        server.respond(createResponse(message, { statusCode: 200, toTag: 'peer', headers }), flow)
      },
    })
    await server.listen({ transport: 'TCP', host: '192.0.2.99', port: 5060 })
    await network.run(alice.register())
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.run(call.answered)
    await network.advance(50)
    flows[0]?.close()
    await network.advance(100)
    expect(seen).toEqual(['REGISTER on 0', 'INVITE on 0', 'ACK on 0', 'REGISTER on 1'])
    expect(alice.registrationState).toEqual({ name: 'registered', expires: 60 })
    expect(call.state.name).toBe('established')
    await network.run(call.hangUp())
    expect(seen.at(-1)).toBe('BYE on 1')
    await network.close()
    await server.close()
    await network.advance(100)
    expect(network.clock.pending).toBe(0)
  })
})

describe('RFC 3261 §22 digest', () => {
  async function guarded(password: string, proxies: readonly boolean[] = [false]): Promise<World & { readonly serve: (request: SipRequest) => void; readonly verdicts: string[] }> {
    const made = world({ username: 'alice', password })
    const servers = proxies.map((proxy) => ({ proxy, server: new DigestServer({ realm: proxy ? 'proxy' : 'example.test', secret: new Uint8Array(32).fill(7), passwords: () => 'secret', nonceLifetime: 60_000, random: seededRandom(5) }) }))
    const verdicts: string[] = []
    const serve = (request: SipRequest): void => {
      void (async () => {
        for (const { proxy, server } of servers) {
          const verdict = await server.verify(made.network.clock.now(), request, { proxy })
          if (verdict.ok) continue
          verdicts.push(verdict.reason)
          const challenge = server.challenge(made.network.clock.now(), { proxy, stale: verdict.reason === 'stale' })
          made.registrar.respond(request, proxy ? 407 : 401, { headers: challenge })
          return
        }
        verdicts.push('ok')
        made.registrar.respond(request, 200, { headers: request.method === 'REGISTER' ? granted(request, 60) : [] })
      })()
    }
    made.registrar.handle = (message) => {
      if (message.kind === 'request' && message.method !== 'ACK') serve(message)
    }
    return { ...made, serve, verdicts }
  }

  it('answers a challenge once with a higher number, and later without being asked', async () => {
    const { alice, network, registrar, verdicts } = await guarded('secret')
    await network.run(alice.register())
    const [first, second] = registrar.received as SipRequest[]
    expect(first?.headers.read(authorization)).toEqual([])
    expect(second?.headers.read(authorization)).toHaveLength(1)
    expect(second?.cseq.sequence).toBe(2)
    expect(second?.callId).toBe(first?.callId)
    expect(second?.via.branch).not.toBe(first?.via.branch)
    await network.advance(56_000)
    expect(verdicts).toEqual(['missing', 'ok', 'ok'])
  })

  it('a stale nonce is renewed without a word to the user', async () => {
    const { alice, network, verdicts } = await guarded('secret')
    await network.run(alice.register())
    await network.advance(140_000)
    expect(verdicts.slice(0, 3)).toEqual(['missing', 'ok', 'ok'])
    expect(verdicts).toContain('stale')
    expect(verdicts.at(-1)).toBe('ok')
    expect(alice.registrationState.name).toBe('registered')
  })

  it('a wrong password stops after one try, and says why', async () => {
    const { alice, network, registrar } = await guarded('wrong')
    const error: unknown = await network.run(alice.register().catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ code: 'unauthorized' })
    expect(String(error)).toMatch(/refused alice|wrong user name or password/)
    await network.advance(600_000)
    expect(registrar.received).toHaveLength(2)
  })

  it('a proxy and a registrar may both ask, one after the other', async () => {
    const { alice, network, registrar, verdicts } = await guarded('secret', [true, false])
    await network.run(alice.register())
    expect(verdicts).toEqual(['missing', 'missing', 'ok'])
    const last = registrar.received.at(-1) as SipRequest
    expect(last.headers.read(authorization)).toHaveLength(1)
    expect(last.headers.read(proxyAuthorization)).toHaveLength(1)
    expect(last.cseq.sequence).toBe(3)
  })

  it('an INVITE is answered, acknowledged hop by hop, and cancelled while it is challenged', async () => {
    const { alice, network, registrar } = await guarded('secret', [true])
    const serve = registrar.handle
    registrar.handle = (message) => {
      if (message.kind === 'request' && message.method === 'INVITE' && message.headers.read(proxyAuthorization).length > 0) registrar.respond(message, 180)
      else serve(message)
    }
    const call = alice.call('bob')
    await registrar.nextRequest('ACK')
    await network.advance(100)
    expect(call.state.name).toBe('ringing')
    const invites = registrar.received.filter((message): message is SipRequest => message.kind === 'request' && message.method === 'INVITE')
    expect(invites.map(({ cseq }) => cseq.sequence)).toEqual([1, 2])
    expect(invites[0]?.from.tag).toBe(invites[1]?.from.tag)
    void call.hangUp()
    const cancel = await registrar.nextRequest('CANCEL')
    expect(cancel.cseq.sequence).toBe(2)
    expect(cancel.via.branch).toBe(invites[1]?.via.branch)
  })

  it('the ACK to a 2xx has the credentials of its INVITE, each time that it goes', async () => {
    const { alice, network, registrar } = await guarded('secret', [true])
    const serve = registrar.handle
    registrar.handle = (message) => {
      if (message.kind === 'request' && message.method === 'INVITE' && message.headers.read(proxyAuthorization).length > 0) registrar.accept(message)
      else serve(message)
    }
    const call = alice.call('bob')
    const proof = (message: SipRequest): string[] => message.headers.getAll('Proxy-Authorization')
    await registrar.nextRequest('ACK')
    const ack = await registrar.nextRequest('ACK')
    const invite = registrar.received.findLast((message): message is SipRequest => message.kind === 'request' && message.method === 'INVITE')
    expect(proof(ack)).toHaveLength(1)
    expect(proof(ack)).toEqual(proof(invite!))
    registrar.accept(invite!)
    expect(proof(await registrar.nextRequest('ACK'))).toEqual(proof(invite!))
    await network.run(call.answered)
  })

  it('a challenge within the dialog counts in the dialog: the next request has a number of its own', async () => {
    const { network, registrar } = await guarded('secret', [false])
    const serve = registrar.handle
    const bob = network.agent('bob', { username: 'bob', password: 'secret' })
    registrar.handle = (message) => {
      if (message.kind !== 'request' || message.method === 'ACK') return
      if (message.method === 'INVITE') registrar.respond(message, 200)
      else serve(message)
    }
    const call = bob.call('sip:peer@192.0.2.99')
    await network.run(call.answered)
    for (let time = 0; time < 2; time++) expect(await network.run(call.session!.info().outcome)).toMatchObject({ ok: true })
    await network.run(call.hangUp())
    const numbers = registrar.received.filter((message): message is SipRequest => message.kind === 'request').map(({ method, cseq }) => `${method} ${cseq.sequence}`)
    expect(numbers).toEqual(['INVITE 1', 'ACK 1', 'INFO 2', 'INFO 3', 'INFO 4', 'BYE 5'])
  })
})

describe('RFC 3261 §11 and RFC 3428 outside of calls', () => {
  it('a text goes out and comes in', async () => {
    const network = createTestNetwork()
    const [alice, bob] = [network.agent('alice', { displayName: 'Alice' }), network.agent('bob')]
    const texts: string[] = []
    bob.on('message', ({ from, text, contentType }) => texts.push(`${from.displayName ?? ''} ${text} ${contentType}`))
    expect(await network.run(alice.message('bob', 'Grüße ✓'))).toMatchObject({ ok: true, status: 200 })
    expect(texts).toEqual(['Alice Grüße ✓ text/plain'])
    expect(await network.run(alice.message('carol', 'hello'))).toMatchObject({ ok: false, status: 503 })
    expect(await network.run(alice.options('bob'))).toMatchObject({ ok: true, status: 200 })
    expect((await network.run(alice.options('bob'))).response?.allow).toContain('INVITE')
    await expectNothingLeft(network, alice, bob)
  })
})
